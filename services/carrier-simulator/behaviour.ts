// What a simulated carrier does with a message, told by one digit of the recipient's number. Pure:
// the same call always has the same story, so that any story can be made to happen again.
import type { Channel } from "#libs/contracts/topics.ts";

/** Delays from the acceptance on, ms, before TIME_SCALE. */
const SENT_AFTER_MS = 1_000;
const DELIVERED_AFTER_MS = 2_000;
const READ_AFTER_MS = 4_000;

/** Late means 1.3 times the step's wait; 60 s stand for a wait that the call did not name. */
const LATE_FACTOR = 1.3;
const UNNAMED_WAIT_MS = 60_000;

/** How often digit 8 is refused before it is accepted. */
const REFUSAL_COUNT = 2;

/** The digit's place from the right of the number, by channel. */
const DIGIT_PLACE: Readonly<Record<Channel, number>> = { sms: 0, viber: 1, whatsapp: 2, rcs: 3 };

/** The codes that each channel's carrier uses, as they are known from the field. */
const CODES = {
  whatsapp: { permanent: "131026", temporary: "130429", undelivered: "131026" },
  viber: { permanent: "9", temporary: "1", undelivered: "10" },
  rcs: { permanent: "404", temporary: "429", undelivered: "404" },
  sms: { permanent: "59", temporary: "50", undelivered: "7" },
} as const satisfies Record<Channel, Record<string, string>>;

export type PlannedReceipt = { status: string; afterMs: number; errorCode?: string };
export type Behaviour =
  | { answer: "refuse"; code: string; temporary: boolean }
  /** `accept` answers; `cut` takes the message and closes the connection instead. */
  | { answer: "accept" | "cut"; receipts: PlannedReceipt[] };

export type BehaviourInput = {
  channel: Channel;
  recipient: string;
  /** How long the caller's step waits, ms, already scaled. */
  waitMs: number | undefined;
  /** 1 for the first call with this commandId. */
  callCount: number;
  timeScale: number;
};

/** What happens to one call, and the receipts that follow it. */
export function behaviourOf(input: BehaviourInput): Behaviour {
  const { channel, callCount } = input;
  const digit = digitOf(input.recipient, channel);
  if (digit === "3") return { answer: "refuse", code: CODES[channel].permanent, temporary: false };
  if (digit === "8" && callCount <= REFUSAL_COUNT) {
    return { answer: "refuse", code: CODES[channel].temporary, temporary: true };
  }
  const answer = digit === "9" && callCount === 1 ? "cut" : "accept";
  return { answer, receipts: receiptsOf(digit, input) };
}

/** `0` where the number is too short, or has another sign in that place. */
export function digitOf(recipient: string, channel: Channel): string {
  const sign = recipient.at(-1 - DIGIT_PLACE[channel]) ?? "0";
  return /\d/.test(sign) ? sign : "0";
}

function receiptsOf(digit: string, input: BehaviourInput): PlannedReceipt[] {
  const { channel, timeScale, waitMs = UNNAMED_WAIT_MS * timeScale } = input;
  const sent = { status: "sent", afterMs: SENT_AFTER_MS * timeScale };
  const delivered = { status: "delivered", afterMs: DELIVERED_AFTER_MS * timeScale };
  const read = { status: "read", afterMs: READ_AFTER_MS * timeScale };
  switch (digit) {
    case "1":
      return [sent, delivered];
    case "2":
      return [sent];
    case "4":
      return [];
    case "5": {
      const errorCode = CODES[channel].undelivered;
      return [sent, { ...delivered, status: "undelivered", errorCode }];
    }
    case "6":
      return [sent, { ...delivered, afterMs: LATE_FACTOR * waitMs }];
    case "7": {
      const early = { ...delivered, afterMs: sent.afterMs };
      const late = { ...sent, afterMs: delivered.afterMs };
      return [early, early, late, late, { ...delivered, afterMs: read.afterMs }];
    }
    default:
      // Nobody tells an SMS sender that the message was read.
      return channel === "sms" ? [sent, delivered] : [sent, delivered, read];
  }
}
