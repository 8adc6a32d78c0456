// What a simulated carrier does with a message, by a word for it. Pure: the same call always has the
// same story. The carrier simulator plays it over HTTP, a rehearsal in virtual time.
import type { Channel } from "#libs/contracts/topics.ts";
import type { CarrierRefusal } from "./wire.ts";

/**
 * In the order of the digits of a recipient's number that choose them:
 * 0 `read`: sent, delivered, read; an SMS is delivered. 1 `delivered`: never read. 2 `sent`: then
 * silence. 3 `refused`: at the call, for good. 4 `silent`: accepted, then silence. 5 `undelivered`:
 * sent, then a failure. 6 `late`: delivered at 1.3 times the step's wait, if its TTL is not over by then. 7 `out-of-order`: delivered
 * before sent, and everything twice. 8 `temporarily-refused`: twice, then as 0. 9 `answer-lost`: the
 * message is taken, the answer to the first call never arrives; then as 0.
 */
export const behaviours = [
  "read",
  "delivered",
  "sent",
  "refused",
  "silent",
  "undelivered",
  "late",
  "out-of-order",
  "temporarily-refused",
  "answer-lost",
] as const;
export type Behaviour = (typeof behaviours)[number];

/** Delays from the acceptance on, ms, before TIME_SCALE. */
const SENT_AFTER_MS = 1_000;
const DELIVERED_AFTER_MS = 2_000;
const READ_AFTER_MS = 4_000;

/** Late means 1.3 times the step's wait; 60 s stand for a wait that the call did not name. */
const LATE_FACTOR = 1.3;
const UNNAMED_WAIT_MS = 60_000;

/** How often `temporarily-refused` refuses before it accepts. */
const REFUSAL_COUNT = 2;

/** The codes that each channel's carrier uses, as they are known from the field. */
const CODES = {
  whatsapp: { permanent: "131026", temporary: "130429", undelivered: "131026" },
  viber: { permanent: "9", temporary: "1", undelivered: "10" },
  rcs: { permanent: "404", temporary: "429", undelivered: "404" },
  sms: { permanent: "59", temporary: "50", undelivered: "7" },
} as const satisfies Record<Channel, Record<string, string>>;

export type PlannedReceipt = { status: string; afterMs: number; errorCode?: string };
export type PlannedAnswer =
  | { answer: "refuse"; code: string; temporary: boolean }
  /** `accept` answers; `cut` takes the message and closes the connection instead. */
  | { answer: "accept" | "cut"; receipts: PlannedReceipt[] };

export type PlannedCall = {
  channel: Channel;
  /** How long the caller's step waits, ms, already scaled. */
  waitMs: number | undefined;
  /** How long it may be tried, ms, already scaled; undefined: as long as it takes. */
  ttlMs: number | undefined;
  /** 1 for the first call with this commandId. */
  callCount: number;
  timeScale: number;
};

/** What happens to one call, and the receipts that follow it. */
export function planAnswer(behaviour: Behaviour, call: PlannedCall): PlannedAnswer {
  const { channel, callCount } = call;
  if (behaviour === "refused") {
    return { answer: "refuse", code: CODES[channel].permanent, temporary: false };
  }
  if (behaviour === "temporarily-refused" && callCount <= REFUSAL_COUNT) {
    return { answer: "refuse", code: CODES[channel].temporary, temporary: true };
  }
  const answer = behaviour === "answer-lost" && callCount === 1 ? "cut" : "accept";
  return { answer, receipts: planReceipts(behaviour, call) };
}

/** 8x8's code for content that cannot be sent. */
export const UNENCODABLE: CarrierRefusal = {
  code: "2",
  temporary: false,
  text: "The text has characters that GSM lacks.",
};

/** A carrier's own words on its refusal. */
export function refusalText(temporary: boolean): string {
  return temporary
    ? "Too many messages, try again later."
    : "The recipient cannot be reached here.";
}

function planReceipts(behaviour: Behaviour, call: PlannedCall): PlannedReceipt[] {
  const { channel, timeScale, waitMs = UNNAMED_WAIT_MS * timeScale, ttlMs = Infinity } = call;
  const sent = { status: "sent", afterMs: SENT_AFTER_MS * timeScale };
  const delivered = { status: "delivered", afterMs: DELIVERED_AFTER_MS * timeScale };
  const read = { status: "read", afterMs: READ_AFTER_MS * timeScale };
  switch (behaviour) {
    case "delivered":
      return [sent, delivered];
    case "sent":
      return [sent];
    case "silent":
      return [];
    case "undelivered": {
      const errorCode = CODES[channel].undelivered;
      return [sent, { ...delivered, status: "undelivered", errorCode }];
    }
    case "late":
      // Nobody says that a time to live is over, as on WhatsApp.
      if (LATE_FACTOR * waitMs > ttlMs) return [sent];
      return [sent, { ...delivered, afterMs: LATE_FACTOR * waitMs }];
    case "out-of-order": {
      const early = { ...delivered, afterMs: sent.afterMs };
      const late = { ...sent, afterMs: delivered.afterMs };
      return [early, early, late, late, { ...delivered, afterMs: read.afterMs }];
    }
    default:
      // Nobody tells an SMS sender that the message was read.
      return channel === "sms" ? [sent, delivered] : [sent, delivered, read];
  }
}
