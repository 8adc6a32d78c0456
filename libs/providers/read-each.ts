// Receipts that came in one post, read one by one: one odd receipt never loses another.
import type { Static, TSchema } from "typebox";
import { Value } from "typebox/value";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { takeTurns } from "#libs/take-turns.ts";
import { heldReport } from "./held-report.ts";
import type { ParsedReceipts } from "./provider.ts";

/** What is wrong is told of the first ones: a post may hold a hundred thousand, all odd alike. */
const TOLD_COUNT_MAX = 20;

/** Between two looks at the clock: some of them take 2 ms. */
const TOGETHER_COUNT = 100;

/** A report of each item that is what `schema` asks for, and that its topic takes. */
export async function readEach<S extends TSchema>(
  items: readonly unknown[],
  schema: S,
  toReport: (item: Static<S>) => StatusReport,
): Promise<ParsedReceipts> {
  const turn = takeTurns();
  const reports: StatusReport[] = [];
  const oddities: string[] = [];
  for (const [index, item] of items.entries()) {
    // A post of 3 MB may hold more than anybody should wait for.
    if (index % TOGETHER_COUNT === 0) await turn();
    const isTold = oddities.length < TOLD_COUNT_MAX;
    const read = readOne(item, schema, toReport);
    if (typeof read === "object") reports.push(read);
    else if (isTold)
      oddities.push(`Receipt ${index + 1} of ${items.length}: ${read ?? faultOf(item, schema)}`);
  }
  return { reports, oddCount: items.length - reports.length, oddities };
}

/** The report; why its topic would not take it; undefined for what is no receipt at all. */
function readOne<S extends TSchema>(
  item: unknown,
  schema: S,
  toReport: (item: Static<S>) => StatusReport,
): StatusReport | string | undefined {
  return Value.Check(schema, item) ? heldReport(toReport(item)) : undefined;
}

function faultOf(item: unknown, schema: TSchema): string {
  const [first] = Value.Errors(schema, item);
  return first ? `${first.instancePath || "it"} ${first.message}.` : "it is no receipt.";
}
