// A word of a newer contract is read as UNKNOWN: wherever the request's schema has words, it is refused.
import { assert, expect, it } from "vitest";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { readSchema } from "#libs/contracts/schemas.ts";
import { faultsOf } from "#libs/judgement/judge.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

type Schema = string | Schema[] | { [member: string]: never };
type Named = Map<string, Schema>;

/** Where a request has words, as pointers; of a list in its first item. */
function wordPaths(schema: Schema, path: string, named: Named): string[] {
  if (typeof schema === "string") {
    const known = named.get(schema);
    return known === undefined ? [] : wordPaths(known, path, named);
  }
  if (Array.isArray(schema)) return schema.flatMap((each) => wordPaths(each, path, named));
  const { type, name, items, fields = [] } = schema as Record<string, Schema>;
  if (typeof name === "string") named.set(name, schema);
  if (type === "enum") return [path];
  if (type === "array") return wordPaths(items ?? "", `${path}/0`, named);
  if (type === "record") {
    return (fields as unknown as { name: string; type: Schema }[]).flatMap((field) =>
      wordPaths(field.type, `${path}/${field.name}`, named),
    );
  }
  return type === undefined || typeof type === "string" ? [] : wordPaths(type, path, named);
}

const paths = wordPaths(JSON.parse(readSchema("send-request")), "", new Map());

const { content: plain } = storedRequest();
const said = () => ({ ...plain, sms: { encoding: "AUTO" as const, source: null } });

/** A good request with UNKNOWN at a place. */
function requestWith(path: string): SendRequest {
  const steps = [requestedStep("sms", { content: said() })];
  const copy = structuredClone(storedRequest({ content: said(), steps }));
  const members = path.split("/").slice(1);
  const last = members.pop() ?? "";
  let at = copy as unknown as Record<string, unknown>;
  for (const member of members) at = at[member] as Record<string, unknown>;
  assert(Object.hasOwn(at, last), `${path} is not there.`);
  at[last] = "UNKNOWN";
  return copy;
}

it("is looked for in the whole schema", () => {
  expect(paths).toContain("/lateReports");
  expect(paths).toContain("/steps/0/content/sms/encoding");
});

it.each(paths)("%s is refused where it is unknown", (path) => {
  const account = demoView().findAccount("demo");
  const faults = faultsOf(requestWith(path), { account, now: START });
  expect(faults.map(({ code, path: at }) => [code, at])).toEqual([["unknown-word", path]]);
});
