// A client's send request becomes ours, or a refusal with 8x8's code. Pure; members that we do not
// know are tolerated, because real clients send some.
import type { SendRequestInit } from "#libs/contracts/generated/types.ts";
import { SCHEDULE_AHEAD_MAX_MS } from "#libs/fallback/inputs.ts";
import { type Account, maySendAs } from "#libs/settings/account.ts";
import { isCallbackUrl } from "../../is-callback-url.ts";
import { parseInstant } from "../../parse-instant.ts";
import { checkSmsText } from "./check-sms-text.ts";
import type { ErrorCode } from "./error-codes.ts";
import { member, parseObject, parseText } from "./json-value.ts";
import { parseChannels } from "./parse-channels.ts";
import { parseContent } from "./parse-content.ts";
import { parseUser } from "./parse-user.ts";
import { Refusal } from "./refusal.ts";

export type SendContext = {
  account: Account;
  messageId: string;
  /** When the request came, epoch ms. */
  now: number;
};

export type ParsedSend = { request: SendRequestInit } | { refusal: Refusal };

/** Limit of 8x8's OpenAPI, characters. */
const CLIENT_MESSAGE_ID_LENGTH_MAX = 50;

/** Never throws for what a client can send. */
export function parseSend(body: unknown, context: SendContext): ParsedSend {
  try {
    return { request: toRequest(body, context) };
  } catch (error) {
    if (error instanceof Refusal) return { refusal: error };
    throw error;
  }
}

function toRequest(body: unknown, { account, messageId, now }: SendContext): SendRequestInit {
  const message = parseObject(body, 1000, "The body");
  const request = {
    messageId,
    accountId: account.accountId,
    recipient: parseUser(member(message, "user")),
    content: parseContent(member(message, "type"), member(message, "content")),
    steps: parseChannels(member(message, "channels"), account),
    scheduledAt: parseSchedule(member(message, "scheduled"), now),
    expiresAt: parseExpiry(member(message, "expiry"), now),
    callbackUrl: parseCallbackUrl(member(message, "dlrCallbackUrl")),
    clientMessageId: parseClientMessageId(member(message, "clientMessageId")),
    dialect: "8x8",
    requestedAt: now,
  } satisfies SendRequestInit;
  checkSource(request.content.sms?.source ?? null, account);
  checkSmsText(request.content, { steps: request.steps, account });
  return request;
}

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

function parseExpiry(value: unknown, now: number): number | null {
  const expiresAt = parseWhen(value, 1006, "expiry");
  if (expiresAt !== null && expiresAt <= now) throw new Refusal(1006, "expiry has passed.");
  return expiresAt;
}

function parseWhen(value: unknown, code: ErrorCode, name: string): number | null {
  if (value === undefined) return null;
  const at = typeof value === "string" ? parseInstant(value) : Number.NaN;
  if (Number.isNaN(at)) throw new Refusal(code, `${name} must be an ISO 8601 date and time.`);
  return at;
}

function parseCallbackUrl(url: unknown): string | null {
  if (url === undefined) return null;
  if (typeof url === "string" && isCallbackUrl(url)) return url;
  throw new Refusal(3020, "dlrCallbackUrl must be an http or https URL.");
}
