// A client's send request becomes ours, or a refusal with 8x8's code. Pure; members that we do not
// know are tolerated, because real clients send some.
import type { Recipient, SendRequestInit } from "#libs/contracts/generated/types.ts";
import { SCHEDULE_AHEAD_MAX_MS } from "#libs/fallback/inputs.ts";
import { type Account, maySendAs } from "#libs/settings/account.ts";
import { isCallbackUrl } from "../../http-url.ts";
import { parseInstant } from "../../parse-instant.ts";
import { checkAddresses } from "./check-addresses.ts";
import { checkSmsText } from "./check-sms-text.ts";
import type { ErrorCode } from "./error-codes.ts";
import { member, parseObject, parseText } from "./json-value.ts";
import { parseChannels } from "./parse-channels.ts";
import { parseContent } from "./parse-content.ts";
import { parseUser } from "./parse-user.ts";
import { checkPlan, plannedSteps, planSteps } from "./plan-steps.ts";
import { Refusal } from "./refusal.ts";
import { ttlWarnings, type Warning } from "./ttl-warnings.ts";

export type SendContext = {
  account: Account;
  /** When the request came, epoch ms. */
  now: number;
};

/** A message that has no id yet. */
export type NewMessage = Omit<SendRequestInit, "messageId"> & {
  recipient: Recipient;
  clientMessageId: string | null;
};
export type ParsedSend = { message: NewMessage; warnings: Warning[] } | { refusal: Refusal };

/** Limit of 8x8's OpenAPI, characters. */
const CLIENT_MESSAGE_ID_LENGTH_MAX = 50;

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
  const given = parseObject(body, 1000, "The message");
  const scheduledAt = parseSchedule(member(given, "scheduled"), now);
  const recipient = parseUser(member(given, "user"));
  const content = parseContent(member(given, "type"), member(given, "content"), account);
  const named = parseChannels(member(given, "channels"), account);
  const steps = planSteps(named, content, account);
  const message = {
    accountId: account.accountId,
    recipient,
    content,
    steps,
    scheduledAt,
    expiresAt: parseExpiry(member(given, "expiry"), Math.max(scheduledAt ?? now, now)),
    callbackUrl: parseCallbackUrl(member(given, "dlrCallbackUrl")),
    clientMessageId: parseClientMessageId(member(given, "clientMessageId")),
    dialect: "8x8",
    requestedAt: now,
  } satisfies NewMessage;
  checkSource(content.sms?.source ?? null, account);
  checkAddresses(recipient, { steps: named, account });
  checkSmsText(content, { steps, account });
  const planned = plannedSteps(steps, account);
  checkPlan({ ...message, steps: planned, flowId: null }, account);
  const warnings = ttlWarnings(planned, content, account);
  return {
    message,
    warnings: named.length < steps.length ? [SMS_LEFT_OUT, ...warnings] : warnings,
  };
}

const SMS_LEFT_OUT: Warning = {
  code: "sms-without-text",
  path: "content.fallbackText",
  detail: "The default flow goes on by SMS, but there is no fallbackText: no SMS will be sent.",
};

function checkSource(source: string | null, account: Account): void {
  if (source === null || maySendAs(account, source)) return;
  throw new Refusal(3027, "content.sms.source is not a sender of this sub-account.");
}

function parseClientMessageId(id: unknown): string | null {
  const lengthMax = CLIENT_MESSAGE_ID_LENGTH_MAX;
  return parseText(id, { name: "clientMessageId", invalid: 1008, tooLong: 3009, lengthMax });
}

function parseSchedule(value: unknown, now: number): number | null {
  const scheduledAt = parseWhen(value, 1011, "scheduled");
  if ((scheduledAt ?? 0) <= now + SCHEDULE_AHEAD_MAX_MS) return scheduledAt;
  throw new Refusal(1011, "scheduled is more than 30 days ahead.");
}

/** Nothing could be sent of a message that expires before it starts. */
function parseExpiry(value: unknown, startsAt: number): number | null {
  const expiresAt = parseWhen(value, 1006, "expiry");
  if (expiresAt === null || expiresAt > startsAt) return expiresAt;
  throw new Refusal(1006, "expiry has passed, or comes before scheduled.");
}

function parseWhen(value: unknown, code: ErrorCode, name: string): number | null {
  if (value === undefined) return null;
  const at = typeof value === "string" ? parseInstant(value) : Number.NaN;
  if (Number.isNaN(at)) throw new Refusal(code, `${name} must be an ISO 8601 date and time.`);
  return at;
}

function parseCallbackUrl(url: unknown): string | null {
  if (url === undefined) return null;
  if (isCallbackUrl(url)) return url;
  throw new Refusal(3020, "dlrCallbackUrl must be an http or https URL without a user.");
}
