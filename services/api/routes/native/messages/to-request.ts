// A checked body as the request that goes to Kafka. Pure; what it lacks takes its default here, so
// that the record says all.
import type { Recipient, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { SCHEDULE_AHEAD_MAX_MS } from "#libs/fallback/inputs.ts";
import type { Account } from "#libs/settings/account.ts";
import { isCallbackUrl } from "../../../http-url.ts";
import { parseInstant } from "../../../parse-instant.ts";
import { parseCountry, parseNumber } from "../../../parse-number.ts";
import type { SendBody } from "./body.ts";
import { contentFaults, toContent } from "./content.ts";

export type SendContext = {
  account: Account;
  messageId: string;
  /** When the request came, epoch ms. */
  now: number;
  batch?: { batchId: string; clientBatchId: string | null };
};

/** Everything that is wrong with a body and that its schema cannot say, with JSON pointers. */
export function faultsOf(body: SendBody, now: number): string[] {
  const { steps = [], flowId, callbackUrl } = body;
  return [
    ...recipientFaults(body.recipient),
    ...contentFaults(body.content, "/content"),
    ...steps.flatMap(({ content }, index) =>
      content ? contentFaults(content, `/steps/${index}/content`) : [],
    ),
    ...(steps.length > 0 && flowId !== undefined ? ["/flowId and /steps exclude each other"] : []),
    ...instantFaults(body, now),
    ...(callbackUrl === undefined || isCallbackUrl(callbackUrl)
      ? []
      : ["/callbackUrl must be an http or https URL without a user"]),
  ];
}

/** The request of a body without faults. */
export function toRequest(body: SendBody, context: SendContext): SendRequest {
  const { account, messageId, now, batch } = context;
  const { flowId, purpose, callbackUrl, clientMessageId, lateReports } = body;
  return {
    messageId,
    accountId: account.accountId,
    recipient: toRecipient(body.recipient),
    content: toContent(body.content),
    steps: toSteps(body, account),
    flowId: flowId ?? null,
    purpose,
    scheduledAt: epochMs(body.scheduledAt),
    expiresAt: epochMs(body.expiresAt),
    callbackUrl: callbackUrl ?? null,
    clientMessageId: clientMessageId ?? null,
    batchId: batch?.batchId ?? null,
    clientBatchId: batch?.clientBatchId ?? null,
    lateReports,
    dialect: "native",
    requestedAt: now,
  };
}

function recipientFaults({ msisdn, country }: SendBody["recipient"]): string[] {
  const known = country === undefined ? null : parseCountry(country);
  if (country !== undefined && known === null) {
    return ["/recipient/country must be an ISO 3166 code of two letters"];
  }
  if (msisdn === undefined || parseNumber(msisdn, known)) return [];
  return ["/recipient/msisdn must be a number in E.164, such as +6591234567"];
}

function instantFaults({ scheduledAt, expiresAt }: SendBody, now: number): string[] {
  const start = epochMs(scheduledAt) ?? now;
  const end = epochMs(expiresAt) ?? Infinity;
  const faults: string[] = [];
  if (Number.isNaN(start)) faults.push("/scheduledAt must be an ISO 8601 date and time");
  if (start > now + SCHEDULE_AHEAD_MAX_MS) {
    faults.push("/scheduledAt is more than 30 days ahead");
  }
  if (Number.isNaN(end)) faults.push("/expiresAt must be an ISO 8601 date and time");
  if (end <= now) faults.push("/expiresAt has passed");
  else if (end <= start) faults.push("/expiresAt comes before /scheduledAt");
  return faults;
}

function epochMs(instant: string | undefined): number | null {
  return instant === undefined ? null : parseInstant(instant);
}

function toRecipient({ msisdn, country, channelUserIds = {} }: SendBody["recipient"]): Recipient {
  const known = country === undefined ? null : parseCountry(country);
  const number = msisdn === undefined ? null : parseNumber(msisdn, known);
  return { msisdn: number, country: known, channelUserIds: { ...channelUserIds } };
}

/** Without a word on it a step waits as long as the account says, the last one has no closing window. */
function toSteps({ steps = [] }: SendBody, { defaultWaitSeconds }: Account): Step[] {
  return steps.map((step, index) => {
    const defaultSeconds = index === steps.length - 1 ? null : defaultWaitSeconds;
    const { channel, wanted, onFailure, waitSeconds = defaultSeconds } = step;
    const { sender = null, ttlSeconds = null } = step;
    const content = step.content ? toContent(step.content) : null;
    return { channel, sender, waitSeconds, wanted, onFailure, ttlSeconds, content };
  });
}
