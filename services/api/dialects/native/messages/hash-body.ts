// Whether two requests are the same: a hash of what they say, whatever the order of their members.
import { createHash } from "node:crypto";
import { isObject } from "#libs/json/json-object.ts";
import { takeTurns } from "#libs/take-turns.ts";

/** A hash of JSON values in their order, each in canonical form. */
export async function hashBody(parts: readonly unknown[]): Promise<string> {
  const hash = createHash("sha256");
  const turn = takeTurns();
  for (const part of parts) {
    await turn();
    // No JSON has a line break outside of strings, where it is escaped.
    hash.update(`${canonicalJson(part)}\n`);
  }
  return hash.digest("hex");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => sorted(member)) ?? "";
}

function sorted(member: unknown): unknown {
  if (!isObject(member)) return member;
  return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
