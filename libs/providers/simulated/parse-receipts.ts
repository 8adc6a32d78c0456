// What a simulated carrier posted, receipt by receipt. A post is bounded by its bytes alone.
import type { Channel } from "#libs/contracts/topics.ts";
import { parseReceiptJson } from "#libs/json/parse-json.ts";
import type { ParsedReceipts } from "../provider.ts";
import { readEach } from "../read-each.ts";
import { reportOfReceipt } from "./receipt.ts";
import { CarrierReceipt } from "./wire.ts";

type Posted = { channel: Channel; receivedAt: number };

/** Reads one receipt or an array of them; unknown fields are ignored. Never rejects. */
export async function parseReceipts(body: Buffer, posted: Posted): Promise<ParsedReceipts> {
  const parsed = parseReceiptJson(body.toString());
  if (parsed === undefined) return { reports: [], oddCount: 1, oddities: ["It is not JSON."] };
  const items = Array.isArray(parsed) ? parsed : [parsed];
  return readEach(items, CarrierReceipt, (receipt) => reportOfReceipt(receipt, posted));
}
