// What a peer asks of us, and what it is answered.
import { type CommandName, responseTo } from "./commands.ts";
import { DELIVERIES_IN_HAND_MAX } from "./limits.ts";
import { type Decoded, emptyPdu, type Malformed, type Pdu } from "./pdu.ts";
import { statuses } from "./statuses.ts";

type Answering = {
  send: (pdu: Pdu) => void;
  end: (why: string) => void;
  /** What a message or receipt is answered with, also a malformed one; it never rejects. */
  onDelivery: (delivered: Decoded) => Promise<number>;
  onOdd: (why: string) => void;
};

export type PeerAnswerer = {
  take(pdu: Pdu): void;
  /** A request of which nobody can read more than its header. */
  takeMalformed(malformed: Malformed, command: CommandName): void;
  /** Resolves once every delivery that is in hand now was answered. */
  idle(): Promise<unknown>;
};

/**
 * Answers what the peer asks: deliveries by `onDelivery`, at most so many at once, the rest by the
 * standard.
 */
export function answerPeer({ send, end, onDelivery, onOdd }: Answering): PeerAnswerer {
  const inHand = new Set<Promise<void>>();

  function takeDelivery(delivered: Decoded, head: Pick<Pdu, "command" | "sequence">): void {
    const answer = (status: number) => send(answerTo({ ...head, status }));
    // A temporary fault: it comes again.
    if (inHand.size >= DELIVERIES_IN_HAND_MAX) return answer(statuses.ESME_RX_T_APPN);
    const handling = onDelivery(delivered)
      .then(answer)
      .finally(() => inHand.delete(handling));
    inHand.add(handling);
  }

  return {
    take(pdu) {
      switch (pdu.command) {
        case "deliver_sm":
        case "data_sm":
          return takeDelivery({ type: "pdu", pdu }, pdu);
        case "enquire_link":
          return send(answerTo({ ...pdu, status: 0 }));
        case "unbind":
          send(answerTo({ ...pdu, status: 0 }));
          return end("the peer unbound");
        case "alert_notification":
        case "outbind":
          return onOdd(`${pdu.command}, which nobody asked for`);
        default:
          onOdd(`${pdu.command}, which is for SMSCs`);
          return send(nackTo(pdu.sequence, statuses.ESME_RINVCMDID));
      }
    },
    takeMalformed(malformed, command) {
      const { sequence } = malformed.header;
      const isDelivery = command === "deliver_sm" || command === "data_sm";
      if (isDelivery) return takeDelivery(malformed, { command, sequence });
      send(answerTo({ command, sequence, status: malformed.status }));
    },
    idle: () => Promise.all(inHand),
  };
}

/** The answer to what cannot be read; `sequence` 0: nor its number. */
export function nackTo(sequence: number, status: number): Pdu {
  return emptyPdu({ command: "generic_nack", sequence, status });
}

/** The answer to a request, with its status. */
function answerTo({ command, sequence, status }: Pick<Pdu, "command" | "sequence" | "status">) {
  return emptyPdu({ command: responseTo(command) ?? "generic_nack", sequence, status });
}
