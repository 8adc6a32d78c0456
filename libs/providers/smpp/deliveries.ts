// What the SMSC delivers: receipts go to Kafka before they are acknowledged, odd ones as dead letters, so
// that none is lost whoever dies; what people write is acknowledged and counted.
import { encodePdu, type Pdu } from "#libs/smpp/pdu.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import type { Line } from "../provider.ts";
import type { SmppOptions } from "./access.ts";
import { deliveryCounter } from "./metrics.ts";
import { isReceipt, readReceipt } from "./receipt.ts";

type Delivering = Pick<Line, "provider" | "takeReceipts" | "log"> & { options: SmppOptions };

/** Resolves with what the delivery is answered; ESME_RX_T_APPN lets it come again. Never rejects. */
export function takingDeliveries(delivering: Delivering) {
  const { provider, log } = delivering;
  return async (pdu: Pdu): Promise<number> => {
    try {
      const kind = await take(pdu, delivering);
      deliveryCounter.inc({ provider, kind });
      return statuses.ESME_ROK;
    } catch (error) {
      log.warn({ err: error, provider }, "a receipt has to come again");
      deliveryCounter.inc({ provider, kind: "put-off" });
      return statuses.ESME_RX_T_APPN;
    }
  };
}

async function take(pdu: Pdu, { provider, options, takeReceipts, log }: Delivering) {
  if (!isReceipt(pdu)) {
    log.info({ provider }, "a person's message was acknowledged; nobody here reads it");
    return "message";
  }
  const receipts = readReceipt(pdu, { provider, options, receivedAt: Date.now() });
  await takeReceipts({ body: encodePdu(pdu), receipts, provider });
  if (receipts.oddCount === 0) return "receipt";
  // It would be as odd the next time.
  log.warn({ provider, oddities: receipts.oddities }, "an odd receipt was set aside");
  return "odd";
}
