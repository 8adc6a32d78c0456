// How a provider's folder writes down what kind of fault each of its error codes means.
import type { ErrorClass } from "#libs/contracts/generated/types.ts";

export type CodeTable = Readonly<Partial<Record<ErrorClass, readonly number[]>>>;

/** The class of each code that the table lists, by the code as carriers write it. */
export function classesOf(table: CodeTable): ReadonlyMap<string, ErrorClass> {
  const classes = ["PERMANENT", "TEMPORARY", "CONSENT", "SENDER", "CONTENT"] as const;
  return new Map(
    classes.flatMap((errorClass) =>
      (table[errorClass] ?? []).map((code): [string, ErrorClass] => [`${code}`, errorClass]),
    ),
  );
}
