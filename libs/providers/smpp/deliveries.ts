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
export function takingDeliveries({ provider, options, takeReceipts, log }: Delivering) {
  return async (pdu: Pdu): Promise<number> => {
    const count = (kind: string) => deliveryCounter.inc({ provider, kind });
    if (!isReceipt(pdu)) {
      log.info({ provider }, "a person's message was acknowledged; nobody here reads it");
      count("message");
      return statuses.ESME_ROK;
    }
    const report = reportOfReceipt(pdu, { provider, options, receivedAt: Date.now() });
    if (!report) {
      // It would be as odd the next time.
      log.warn({ provider, octets: octetsOf(pdu) }, "an odd receipt");
      count("odd");
      return statuses.ESME_ROK;
    }
    try {
      await takeReceipts([report]);
      count("receipt");
      return statuses.ESME_ROK;
    } catch (error) {
      log.warn({ err: error, provider }, "a receipt has to come again");
      count("put-off");
      return statuses.ESME_RX_T_APPN;
    }
  };
}

/** Of a receipt's text: it names no person, and what is odd about it can be seen. */
function octetsOf({ message }: Pdu): string {
  return message.subarray(0, 200).toString("latin1");
}
