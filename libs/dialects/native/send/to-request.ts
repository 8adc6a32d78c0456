// A checked body as the request that goes to Kafka. Pure; what it lacks takes its default here, so
// that the record says all.

import { takesNumbersOnly } from "#libs/contracts/address-of.ts";
import type { Recipient, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import type { OwnOfStep } from "#libs/contracts/own-of-step.ts";
import { parseInstant } from "#libs/judgement/parse-instant.ts";
import { parseCountry, parseNumber } from "#libs/phone-numbers/parse-number.ts";
import type { Account } from "#libs/settings/account.ts";
import type { SendBody, StepBody } from "./body.ts";
import { toContent } from "./content.ts";

export type SendContext = {
  account: Account;
  messageId: string;
  /** When the request came, epoch ms. */
  now: number;
  batch?: { batchId: string; clientBatchId: string | null };
};

/** The request of a body, with its faults: what cannot be read stays as it is, for the judge. */
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

function epochMs(instant: string | undefined): number | null {
  return instant === undefined ? null : parseInstant(instant);
}

function toRecipient({ msisdn, country, channelUserIds = {} }: SendBody["recipient"]): Recipient {
  const known = country === undefined ? null : (parseCountry(country) ?? country);
  const toNumber = (text: string) => parseNumber(text, known) ?? text;
  const ids = Object.entries(channelUserIds).map(([channel, id]) => {
    return [channel, takesNumbersOnly(channel) ? toNumber(id) : id] as const;
  });
  return {
    msisdn: msisdn === undefined ? null : toNumber(msisdn),
    country: known,
    channelUserIds: Object.fromEntries(ids),
  };
}

/** Without a word on it a step waits as long as the account says, the last one has no closing window. */
function toSteps({ steps = [] }: SendBody, { defaultWaitSeconds }: Account): Step[] {
  return steps.map((step, index) => {
    const defaultSeconds = index === steps.length - 1 ? null : defaultWaitSeconds;
    const { channel, wanted, onFailure, waitSeconds = defaultSeconds } = step;
    const { sender = null, ttlSeconds = null } = step;
    return { channel, sender, waitSeconds, wanted, onFailure, ttlSeconds, ...ownOf(step) };
  });
}

function ownOf({ content, recipient, callbackUrl, clientMessageId }: StepBody): OwnOfStep {
  return {
    content: content ? toContent(content) : null,
    recipient: recipient ? toRecipient(recipient) : null,
    callbackUrl: callbackUrl ?? null,
    clientMessageId: clientMessageId ?? null,
  };
}
