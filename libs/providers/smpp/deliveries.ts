// What the SMSC delivers: receipts go to Kafka before they are acknowledged, odd ones as dead letters, so
// that none is lost whoever dies; what people write is acknowledged and counted.
import { type Decoded, encodePdu } from "#libs/smpp/pdu.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import type { Line, ReadReceipts } from "../provider.ts";
import type { SmppOptions } from "./access.ts";
import { deliveryCounter } from "./metrics.ts";
import { isReceipt, readReceipt } from "./receipt.ts";

type Delivering = Pick<Line, "provider" | "takeReceipts" | "log"> & { options: SmppOptions };

/** Resolves with what the delivery is answered; ESME_RX_T_APPN lets it come again. Never rejects. */
export function takingDeliveries(delivering: Delivering) {
  const { provider, log } = delivering;
  return async (delivered: Decoded): Promise<number> => {
    try {
      const kind = await take(delivered, delivering);
      deliveryCounter.inc({ provider, kind });
      return statuses.ESME_ROK;
    } catch (error) {
      log.warn({ err: error, provider }, "a receipt has to come again");
      deliveryCounter.inc({ provider, kind: "put-off" });
      return statuses.ESME_RX_T_APPN;
    }
  };
}

async function take(delivered: Decoded, delivering: Delivering) {
  const { provider, takeReceipts, log } = delivering;
  if (delivered.type === "pdu" && !isReceipt(delivered.pdu)) {
    log.info({ provider }, "a person's message was acknowledged; nobody here reads it");
    return "message";
  }
  const read = toRead(delivered, delivering);
  const { oddCount, oddities } = read.receipts;
  await takeReceipts(read);
  if (oddCount === 0) return "receipt";
  // It would be as odd the next time.
  log.warn({ provider, oddities }, "an odd receipt was set aside");
  return "odd";
}

/** What is malformed may be a receipt: whether it is, nobody can read. */
function toRead(delivered: Decoded, { provider, options }: Delivering): ReadReceipts {
  if (delivered.type === "malformed") {
    const oddities = [`It is malformed: ${delivered.why}.`];
    return { body: delivered.bytes, receipts: { reports: [], oddCount: 1, oddities }, provider };
  }
  const { pdu } = delivered;
  const receipts = readReceipt(pdu, { provider, options, receivedAt: Date.now() });
  return { body: encodePdu(pdu), receipts, provider };
}
