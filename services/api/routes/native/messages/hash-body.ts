// Whether two requests are the same: a hash of what they say, whatever the order of their members.
import { createHash } from "node:crypto";
import { setImmediate as breathe } from "node:timers/promises";

/** Parts that are hashed before others' requests have their turn. */
const CHUNK_COUNT = 500;

/** A hash of JSON values in their order, each in canonical form. */
export async function hashBody(parts: readonly unknown[]): Promise<string> {
  const hash = createHash("sha256");
  for (const [index, part] of parts.entries()) {
    if (index % CHUNK_COUNT === CHUNK_COUNT - 1) await breathe();
    // No JSON has a line break outside of strings, where it is escaped.
    hash.update(`${canonicalJson(part)}\n`);
  }
  return hash.digest("hex");
}

function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => sorted(member)) ?? "";
}

function sorted(member: unknown): unknown {
  const isObject = typeof member === "object" && member !== null && !Array.isArray(member);
  if (!isObject) return member;
  return Object.fromEntries(Object.entries(member).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
