// What the SMSC delivers: receipts go to Kafka before they are acknowledged, so that none is lost
// whoever dies; what people write is acknowledged and counted.
import type { Pdu } from "#libs/smpp/pdu.ts";
import { statuses } from "#libs/smpp/statuses.ts";
import type { Line } from "../provider.ts";
import type { SmppOptions } from "./access.ts";
import { deliveryCounter } from "./metrics.ts";
import { isReceipt, reportOfReceipt } from "./receipt.ts";

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
  const report = reportOfReceipt(pdu, { provider, options, receivedAt: Date.now() });
  if (!report) {
    // It would be as odd the next time.
    log.warn({ provider, octets: octetsOf(pdu) }, "an odd receipt");
    return "odd";
  }
  await takeReceipts([report]);
  return "receipt";
}

/** Of a receipt's text: it names no person, and what is odd about it can be seen. */
function octetsOf({ message }: Pdu): string {
  return message.subarray(0, 200).toString("latin1");
}
