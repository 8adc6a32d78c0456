// What a simulated carrier posted, receipt by receipt.
import { Value } from "typebox/value";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import type { Channel } from "#libs/contracts/topics.ts";
import { type ParsedReceipts, UnreadableReceiptsError } from "../provider.ts";
import { reportOfReceipt } from "./receipt.ts";
import { CarrierReceipt } from "./wire.ts";

/** Some 300 bytes each: what fits into a body of 256 KiB. */
const RECEIPT_COUNT_MAX = 1_000;

type Posted = { channel: Channel; receivedAt: number };

/** Reads one receipt or an array of them; unknown fields are ignored. */
export function parseReceipts(body: Buffer, posted: Posted): ParsedReceipts {
  const parsed = parseJson(body);
  const items = Array.isArray(parsed) ? parsed : [parsed];
  if (items.length > RECEIPT_COUNT_MAX) {
    throw new UnreadableReceiptsError(413, `At most ${RECEIPT_COUNT_MAX} receipts fit in one post`);
  }
  const reports: StatusReport[] = [];
  const oddities: string[] = [];
  for (const [index, item] of items.entries()) {
    if (Value.Check(CarrierReceipt, item)) reports.push(reportOfReceipt(item, posted));
    else oddities.push(`Receipt ${index + 1} of ${items.length}: ${faultOf(item)}.`);
  }
  return { reports, oddities };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString());
  } catch {
    throw new UnreadableReceiptsError(400, "The body is not JSON");
  }
}

function faultOf(item: unknown): string {
  const [first] = Value.Errors(CarrierReceipt, item);
  return first ? `${first.instancePath || "it"} ${first.message}` : "it is no receipt";
}
