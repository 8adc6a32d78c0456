// The credentials of connections: a file names variables, and the API never shows what they hold. So
// nobody can tell whether they differ, and they are put with every other change of their connection.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { usageFault } from "../faults.ts";
import { CREDENTIAL_REFERENCE, hasCredentials } from "./collections.ts";
import type { Operation } from "./plan-changes.ts";

export type Env = Readonly<Record<string, string | undefined>>;

const References = Type.Record(Type.String(), Type.String());

/** With what the variables hold. Throws Fault that names all that are not set. */
export function withCredentials(operations: readonly Operation[], env: Env): Operation[] {
  const missing = operations.flatMap((each) => variablesOf(each).filter((name) => !env[name]));
  if (missing.length > 0) {
    const names = [...new Set(missing)].join(", ");
    throw usageFault(
      `Nothing was changed. The file's credentials need ${names} in the environment.`,
    );
  }
  return operations.map((each) => {
    const references = referencesOf(each);
    if (!references || each.method !== "PUT") return each;
    const filled = Object.entries(references).map(([name, text]) => [name, env[variableOf(text)]]);
    return { ...each, body: { ...each.body, credentials: Object.fromEntries(filled) } };
  });
}

function referencesOf(operation: Operation): Record<string, string> | undefined {
  if (operation.method !== "PUT" || !hasCredentials(operation.change.collection)) return undefined;
  const { credentials } = operation.body;
  return Value.Check(References, credentials) ? credentials : undefined;
}

function variablesOf(operation: Operation): string[] {
  return Object.values(referencesOf(operation) ?? {}).map(variableOf);
}

function variableOf(reference: string): string {
  return CREDENTIAL_REFERENCE.exec(reference)?.[1] ?? "";
}
