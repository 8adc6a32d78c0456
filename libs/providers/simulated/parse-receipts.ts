// What a simulated carrier posted, receipt by receipt. A post is bounded by its bytes alone.
import { Value } from "typebox/value";
import { withinBounds } from "#libs/contracts/bounds.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import type { ParsedReceipts } from "../provider.ts";
import { reportOfReceipt } from "./receipt.ts";
import { CarrierReceipt } from "./wire.ts";

/** What is wrong is told of the first ones: a post may hold a hundred thousand, all odd alike. */
const TOLD_COUNT_MAX = 20;

type Posted = { channel: Channel; receivedAt: number };

/** Reads one receipt or an array of them; unknown fields are ignored. Never throws. */
export function parseReceipts(body: Buffer, posted: Posted): ParsedReceipts {
  const parsed = parseJson(body.toString());
  if (parsed === undefined) return { reports: [], oddCount: 1, oddities: ["It is not JSON."] };
  const items = Array.isArray(parsed) ? parsed : [parsed];
  const reports: StatusReport[] = [];
  const oddities: string[] = [];
  for (const [index, item] of items.entries()) {
    const isTold = oddities.length < TOLD_COUNT_MAX;
    const read = readReceipt(item, posted);
    if (typeof read === "object") reports.push(read);
    else if (isTold)
      oddities.push(`Receipt ${index + 1} of ${items.length}: ${read ?? faultOf(item)}`);
  }
  return { reports, oddCount: items.length - reports.length, oddities };
}

/** The report, as its topic takes it; why it would not; undefined for what is no receipt at all. */
function readReceipt(item: unknown, posted: Posted): StatusReport | string | undefined {
  if (!Value.Check(CarrierReceipt, item)) return undefined;
  const read = withinBounds("status-report", reportOfReceipt(item, posted), 0);
  return read instanceof PoisonRecordError ? read.message : read.value;
}

function faultOf(item: unknown): string {
  const [first] = Value.Errors(CarrierReceipt, item);
  return first ? `${first.instancePath || "it"} ${first.message}.` : "it is no receipt.";
}
