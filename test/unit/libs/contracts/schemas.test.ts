import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";

type Json = { [name: string]: unknown };

/** Full name -> definitions as text, of every record in a schema. */
function recordsIn(type: unknown, namespace: string): [string, string][] {
  if (Array.isArray(type)) return type.flatMap((each) => recordsIn(each, namespace));
  if (typeof type !== "object" || type === null) return [];
  const json = type as Json;
  const space = typeof json["namespace"] === "string" ? json["namespace"] : namespace;
  const inner = Object.values(json).flatMap((each) => recordsIn(each, space));
  if (json["type"] !== "record") return inner;
  return [[`${space}.${String(json["name"])}`, JSON.stringify(json)], ...inner];
}

// Java's code generator takes the folder as one: it lets an enum stand twice, but no record.
it("defines no record twice under one full name", () => {
  const files = readdirSync("schemas").filter((name) => name.endsWith(".avsc"));
  const records = files.flatMap((name) =>
    recordsIn(JSON.parse(readFileSync(`schemas/${name}`, "utf8")), ""),
  );
  const names = records.map(([name]) => name);
  expect(names).toContain("fallthrough.command.Recipient");
  expect(names.toSorted()).toEqual([...new Set(names)].toSorted());
});
