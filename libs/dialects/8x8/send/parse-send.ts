// A client's send request becomes ours, or a refusal with 8x8's code. Pure; members that we do not
// know are tolerated, because real clients send some.
import type {
  Content,
  Recipient,
  SendRequestInit,
  StepInit,
} from "#libs/contracts/generated/types.ts";
import type { ErrorCode } from "#libs/dialects/8x8/error-codes.ts";
import {
  member,
  parseObject,
  parseText,
  refuseMalformed,
  type TextRule,
} from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { refusalOfFaults, toWarning } from "#libs/dialects/8x8/refusal-of-faults.ts";
import type { Warning } from "#libs/dialects/told-warning.ts";
import { isObject } from "#libs/json/json-object.ts";
import type { Fault } from "#libs/judgement/fault.ts";
import { type Judgement, judge } from "#libs/judgement/judge.ts";
import { parseInstant } from "#libs/judgement/parse-instant.ts";
import type { JudgedRequest } from "#libs/judgement/requested-steps.ts";
import { smsContentFaults } from "#libs/judgement/sms-faults.ts";
import type { Account } from "#libs/settings/account.ts";
import { FALLBACK_AFTER_MAX, parseChannels } from "./parse-channels.ts";
import { parseContent } from "./parse-content.ts";
import { parseUser } from "./parse-user.ts";
import { planSteps, toStep } from "./plan-steps.ts";

export type SendContext = {
  account: Account;
  /** When the request came, epoch ms. */
  now: number;
};

/** A message that has no id yet. */
export type NewMessage = Omit<SendRequestInit, "messageId"> & {
  recipient: Recipient;
  content: Content;
  steps: StepInit[];
  scheduledAt: number | null;
  expiresAt: number | null;
  callbackUrl: string | null;
  clientMessageId: string | null;
  dialect: "8x8";
  requestedAt: number;
};
export type ParsedSend = { message: NewMessage; warnings: Warning[] } | { refusal: Refusal };

/** The limit is that of 8x8's OpenAPI. */
const CLIENT_MESSAGE_ID: TextRule = {
  name: "clientMessageId",
  invalid: 1008,
  tooLong: 3009,
  lengthMax: 50,
};

/** Never throws for what a client can send. */
export function parseSend(body: unknown, context: SendContext): ParsedSend {
  try {
    return toMessage(body, context);
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

function toMessage(body: unknown, { account, now }: SendContext) {
  const given = parseObject(body, 1000, "the message");
  refuseMalformed(given);
  const recipient = parseUser(member(given, "user"));
  const content = parseContent(member(given, "type"), member(given, "content"), account);
  const named = parseChannels(member(given, "channels"), account);
  const steps = planSteps(named, { content, recipient }, account);
  const message = {
    accountId: account.accountId,
    recipient,
    content,
    steps,
    clientMessageId: parseText(member(given, "clientMessageId"), CLIENT_MESSAGE_ID),
    callbackUrl: parseCallbackUrl(member(given, "dlrCallbackUrl")),
    scheduledAt: parseWhen(member(given, "scheduled"), 1011, "scheduled"),
    expiresAt: parseWhen(member(given, "expiry"), 1006, "expiry"),
    dialect: "8x8",
    requestedAt: now,
  } satisfies NewMessage;
  const judging = { account, now, waitSecondsMax: FALLBACK_AFTER_MAX };
  const judged = judge(inFull(message), judging);
  const faults = [...judged.faults, ...unsentFaults(judged, account)];
  const isNamed = named.length > 0;
  const refusal = refusalOfFaults(faults, { steps: judged.steps, isNamed });
  if (refusal) throw refusal;
  const isSmsLeftOut = !isNamed && message.steps.length > 0;
  const warnings = judged.warnings.map(toWarning);
  return {
    message: { ...message, content: judged.request.content },
    warnings: isSmsLeftOut ? [SMS_LEFT_OUT, ...warnings] : warnings,
  };
}

const SMS_LEFT_OUT: Warning = {
  code: "sms-without-text",
  path: "content.fallbackText",
  detail:
    "The default flow goes on by SMS, but not both fallbackText and sms are given: no SMS will be sent.",
};

/** What 8x8's requests cannot say. */
const UNSAID = {
  flowId: null,
  purpose: "TRANSACTIONAL",
  batchId: null,
  clientBatchId: null,
  lateReports: "AMEND",
} as const;

/** The message with all that its contract has. */
export function inFull(message: NewMessage): JudgedRequest {
  return { ...message, ...UNSAID, steps: message.steps.map(toStep) };
}

/** `fallbackText` is measured also where no step sends it, as 8x8 does. */
function unsentFaults({ request, steps }: Judgement<JudgedRequest>, account: Account): Fault[] {
  const { content } = request;
  const isSent = steps.some(({ channel }) => channel === "sms");
  return isSent || content.fallbackText === null
    ? []
    : smsContentFaults(content, "/content", account);
}

/** The client's id of a message that nobody has judged yet; null where there is none that could be. */
export function clientMessageIdOf(body: unknown): string | null {
  const id = isObject(body) ? member(body, "clientMessageId") : undefined;
  return typeof id === "string" && id !== "" ? id : null;
}

function parseWhen(value: unknown, code: ErrorCode, name: string): number | null {
  if (value === undefined) return null;
  const at = typeof value === "string" ? parseInstant(value) : Number.NaN;
  if (Number.isNaN(at)) throw new Refusal(code, `${name} must be an ISO 8601 date and time.`);
  return at;
}

function parseCallbackUrl(url: unknown): string | null {
  if (url === undefined) return null;
  if (typeof url === "string") return url;
  throw new Refusal(3020, "dlrCallbackUrl must be a string.");
}
