// The judge's faults in 8x8's words. Its answers have room for one: the first by the order below.
import { channelWords } from "#libs/dialects/channel-words.ts";
import { dottedPath } from "#libs/dialects/dotted-path.ts";
import type { Warning } from "#libs/dialects/told-warning.ts";
import type { Fault, FaultCode } from "#libs/judgement/fault.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";
import { channelNameOf } from "./channel-names.ts";
import type { ErrorCode } from "./error-codes.ts";
import { Refusal } from "./refusal.ts";

/** In the order in which 8x8's guide goes through a request: who, what, which way, when. */
const CODES: Readonly<Record<FaultCode, ErrorCode>> = {
  invalid: 1000,
  "not-well-formed": 1004,
  "unknown-account": 1201,
  "message-id-taken": 1008,
  "no-recipient": 3002,
  "bad-country": 3018,
  "bad-number": 3003,
  "content-missing": 3004,
  "bad-rich-content": 3004,
  "unknown-template": 3038,
  "bad-template-parameter": 3041,
  "bad-sms-source": 1005,
  "unknown-word": 1000,
  "too-long": 1000,
  "too-many": 1010,
  "too-large": 1000,
  "too-many-steps": 1010,
  "out-of-range": 1010,
  "impossible-wait": 3023,
  "no-flow": 3022,
  "unknown-flow": 3027,
  "unknown-channel": 3027,
  "unknown-sender": 3027,
  "country-not-allowed": 3003,
  "number-class-not-allowed": 3003,
  "sender-not-approved": 1005,
  "no-price": 3027,
  "messages-cap-reached": 1100,
  "segments-cap-reached": 1100,
  "spend-cap-reached": 1100,
  "number-cap-reached": 1100,
  "prefix-cap-reached": 1100,
  "sms-fallback-off": 3027,
  "no-address": 3002,
  "sms-without-text": 3005,
  "sms-not-gsm": 1003,
  "sms-too-long": 3017,
  "ttl-longer-than-wait": 3023,
  "not-an-instant": 1011,
  "schedule-too-far": 1011,
  "expires-too-early": 1006,
  "stale-request": 1011,
  "bad-callback-url": 3020,
};
const ORDER = Object.keys(CODES);
/** Where 8x8 tells members apart that share a fault of ours. */
const CODES_AT: readonly (readonly [FaultCode, RegExp, ErrorCode])[] = [
  ["content-missing", /\/text$/, 3005],
  ["unknown-sender", /^\/steps\//, 3051],
  ["sender-not-approved", /^\/steps\/\d+\/sender$/, 3051],
  ["not-an-instant", /^\/expiresAt$/, 1006],
  ["too-long", /^\/callbackUrl$/, 3020],
];

/** 8x8's names of our members, by how a pointer begins or ends. */
const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^\/steps\b/, "channels"],
  [/^\/recipient\b/, "user"],
  [/^\/scheduledAt\b/, "scheduled"],
  [/^\/expiresAt\b/, "expiry"],
  [/^\/callbackUrl\b/, "dlrCallbackUrl"],
  [/\/richJson\b/, ""],
  [/\/waitSeconds\b/, ".fallbackAfter"],
  [/\/sender\b/, ".channelId"],
];

type Plan = {
  steps: readonly { channel: string }[];
  /** False where the request names no channels. */
  isNamed: boolean;
};

/** The refusal of a request with faults; undefined where it has none. */
export function refusalOfFaults(faults: readonly Fault[], plan: Plan): Refusal | undefined {
  const [first] = faults.toSorted((a, b) => ORDER.indexOf(a.code) - ORDER.indexOf(b.code));
  return first && toRefusal(first, plan);
}

function toRefusal(fault: Fault, { steps, isNamed }: Plan): Refusal {
  const { code, path, stepIndex } = fault;
  if (code === "no-address") return noAddress(steps[stepIndex ?? 0]?.channel);
  if (!isNamed && stepIndex !== null) {
    const advice = `this sub-account's default flow cannot be carried out (${code}).`;
    return new Refusal(3027, advice);
  }
  const own = CODES_AT.find(([placed, place]) => placed === code && place.test(path));
  const words = channelWords(fault, channelNameOf);
  return new Refusal(own?.[2] ?? CODES[code], sentence(path, words));
}

function noAddress(channel: string | undefined): Refusal {
  return channel === "whatsapp"
    ? new Refusal(3047, "user has neither msisdn nor channelUserId.")
    : new Refusal(3002, "a channel needs user.msisdn.");
}

/** A warning of the judge's under 8x8's names. */
export function toWarning({ code, path, words }: RequestWarning): Warning {
  return { code, path: named(path), detail: sentence(path, words) };
}

/** Words name members of ours by their pointers. */
function sentence(path: string, words: string): string {
  return `${named(path)} ${words.replaceAll(/(?<=\s)\/\w+(\/\w+)*/g, named)}.`;
}

/** `/steps/0/sender` is `channels[0].channelId` here. */
function named(path: string): string {
  return dottedPath(NAMES.reduce((text, [ours, theirs]) => text.replace(ours, theirs), path));
}
