// What can be wrong with a customer's request: one vocabulary for the native API, for other dialects,
// which put it into their own codes, and for the outcomes of requests that came by Kafka.

/** Ways in on which a fault can be found: what only one of them can say, only that one finds. */
type Way = "http" | "kafka";
const ANY: readonly Way[] = ["http", "kafka"];
const HTTP: readonly Way[] = ["http"];
const KAFKA: readonly Way[] = ["kafka"];

const anywhere = (title: string) => ({ title, ways: ANY });

/** By code: what it means, and on which ways in it is told. */
export const faultCodes = {
  // Types are the registry's business, and so is JSON.
  invalid: { title: "The request is not valid", ways: HTTP },
  "not-well-formed": anywhere("A text is no Unicode"),
  "unknown-word": anywhere("A word is none of those that are known here"),
  "too-long": anywhere("A text is too long"),
  // Further words of the bounds that every record is held within (libs/contracts/bound.ts).
  "too-many": { title: "There are too many of them", ways: KAFKA },
  "too-large": { title: "The request is larger than 1 MiB", ways: KAFKA },
  "too-many-steps": anywhere("There are too many steps"),
  "out-of-range": anywhere("A number, an instant or a length is out of its range"),
  "impossible-wait": anywhere("A step cannot wait so long, or so short"),
  // The key says whose request it is, and the API makes the ids.
  "unknown-account": { title: "The account is unknown", ways: KAFKA },
  "message-id-taken": { title: "Another account's message has the id", ways: KAFKA },
  "stale-request": { title: "The request is older than 24 hours", ways: KAFKA },
  "no-flow": anywhere("It is not said which channels to try"),
  "unknown-flow": anywhere("The flow is unknown or not published"),
  "unknown-channel": anywhere("The account does not have the channel"),
  "unknown-sender": anywhere("The account does not have the sender"),
  "unknown-template": anywhere("The account does not have the template, or it is not approved"),
  "country-not-allowed": anywhere("The operator does not allow messages to that country"),
  "number-class-not-allowed": anywhere("The operator does not allow messages to such numbers"),
  "sender-not-approved": anywhere("The operator has not approved the sender"),
  "no-price": anywhere("What a step costs is not known, and spending has a cap"),
  "messages-cap-reached": anywhere("The account's messages of the day are used up"),
  "segments-cap-reached": anywhere("The account's segments of SMS of the day are used up"),
  "spend-cap-reached": anywhere("What the account may spend on the day is used up"),
  "number-cap-reached": anywhere("The day's messages to the number are used up"),
  "prefix-cap-reached": anywhere("The day's messages to such numbers are used up"),
  "sms-fallback-off": anywhere("No SMS may follow that channel"),
  "no-recipient": anywhere("The recipient has no address"),
  "bad-number": anywhere("The number is no phone number"),
  "bad-country": anywhere("The country is no ISO 3166 code"),
  "no-address": anywhere("A step cannot reach the recipient"),
  "content-missing": anywhere("The content lacks what its type is about"),
  "bad-rich-content": anywhere("The rich content has not the form of its type"),
  "bad-template-parameter": anywhere("WhatsApp refuses the template's parameter"),
  "bad-sms-source": anywhere("The sender is none that an SMS can show"),
  "sms-without-text": anywhere("There is no text for the SMS"),
  "sms-not-gsm": anywhere("The demanded GSM lacks a character of the SMS"),
  "sms-too-long": anywhere("The SMS is too long"),
  "not-an-instant": anywhere("The instant is none"),
  "schedule-too-far": anywhere("The message is scheduled too far ahead"),
  "expires-too-early": anywhere("The message expires before it could start"),
  "bad-callback-url": anywhere("The callback URL is none that can be posted to"),
  // Only the API is told what should become of it.
  "ttl-longer-than-wait": { title: "A channel would try longer than its step waits", ways: HTTP },
} as const satisfies Record<string, { title: string; ways: readonly Way[] }>;

export type FaultCode = keyof typeof faultCodes;

/** What the operator limits: refused for what a message may cost, not for what it is. */
export const LIMIT_CODES: readonly FaultCode[] = [
  "country-not-allowed",
  "number-class-not-allowed",
  "sender-not-approved",
  "no-price",
  "messages-cap-reached",
  "segments-cap-reached",
  "spend-cap-reached",
  "number-cap-reached",
  "prefix-cap-reached",
];
const limitCodes: ReadonlySet<string> = new Set(LIMIT_CODES);

/** Whether a fault's code is one of the operator's limits. */
export function isLimitCode(code: string): boolean {
  return limitCodes.has(code);
}

/** The codes that a request can be refused with on one way in. */
export function faultCodesOf(way: Way): FaultCode[] {
  return Object.entries(faultCodes).flatMap(([code, { ways }]) =>
    isFaultCode(code) && ways.includes(way) ? [code] : [],
  );
}

/** Whether it is a code of this vocabulary. */
export function isFaultCode(code: string): code is FaultCode {
  return Object.hasOwn(faultCodes, code);
}

export type Fault = {
  code: FaultCode;
  /** JSON pointer into the request as our contract has it; "" is the whole. */
  path: string;
  /** The step that it is about, 0-based; null: the whole request. */
  stepIndex: number | null;
  /** What is wrong and what to do about it; stands behind the path. */
  words: string;
};

/** A fault of the request as a whole, or of the step that `path` names. */
export function fault(code: FaultCode, path: string, words: string): Fault {
  return { code, path, stepIndex: stepIndexOf(path), words };
}

/** The step that a path names, 0-based; null: the whole request. */
export function stepIndexOf(path: string): number | null {
  const step = /^\/steps\/(\d+)/.exec(path)?.[1];
  return step === undefined ? null : Number(step);
}
