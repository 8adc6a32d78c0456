// `SendChatappMessage`: one message, and the SMS that may follow it.
import type { Recipient, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { missing } from "#libs/dialects/alibaba/api-error.ts";
import {
  checkSpace,
  type GivenParameters,
  parameterParser,
} from "#libs/dialects/alibaba/read-parameters.ts";
import type { ReadSend } from "#libs/dialects/dialect.ts";
import { givenSender } from "#libs/dialects/given-sender.ts";
import type { Warning } from "#libs/dialects/told-warning.ts";
import { judge } from "#libs/judgement/judge.ts";
import { parseNumber } from "#libs/phone-numbers/parse-number.ts";
import type { Account } from "#libs/settings/account.ts";
import { checkTemplate, toContent } from "./content.ts";
import { errorOfFaults, toWarning } from "./error-of-faults.ts";
import { failedSend, isOfTemplate } from "./failed-send.ts";
import { type Fallback, readFallback } from "./fallback.ts";
import { SendParameters } from "./parameters.ts";

const parseShape = parameterParser(SendParameters);

export type Sending = {
  account: Account;
  messageId: string;
  /** Of the messages that were sent with it. */
  batchId: string | null;
  /** When the request came, epoch ms. */
  now: number;
};

const NEVER_UNREAD: Warning = {
  code: "never-unread",
  path: "FallBackDuration",
  detail: "WhatsApp never reports a message as unread: without FallBackDuration no SMS follows.",
};

/** Throws ApiError for parameters out of form, and for a message that cannot be sent. */
export function parseSend(given: GivenParameters, sending: Sending): ReadSend {
  return toJudged(parseShape(given), sending);
}

/** Throws ApiError for a message that cannot be sent. */
export function toJudged(parameters: SendParameters, sending: Sending): ReadSend {
  const { account, now } = sending;
  const fallback = readFallback(parameters, account);
  const mayFail = fallback?.rule === "sentfailed";
  if (!mayFail) checkTemplate(parameters);
  const made = toRequest(parameters, fallback, sending);
  const { faults, ...judged } = judge(made, { account, now });
  const error = errorOfFaults(faults.filter((fault) => !mayFail || !isOfTemplate(fault)));
  if (error) throw error;
  const [failure] = faults;
  if (failure && fallback) return withoutTemplate(failedSend(made, failure, fallback), sending);
  const warnings = [...ownWarnings(parameters, fallback), ...judged.warnings.map(toWarning)];
  return { request: judged.request, warnings };
}

function ownWarnings({ ChannelType }: SendParameters, fallback: Fallback | undefined): Warning[] {
  const isNever = fallback?.rule === "unread" && fallback.waitSeconds === null;
  return isNever && ChannelType === "whatsapp" ? [NEVER_UNREAD] : [];
}

/** The SMS is a message of its own, of which there is something to be known too. */
function withoutTemplate(
  { request: made, warning }: ReturnType<typeof failedSend>,
  { account, now }: Sending,
): ReadSend {
  const { request, faults, warnings } = judge(made, { account, now });
  const error = errorOfFaults(faults);
  if (error) throw error;
  return { request, warnings: [warning, ...warnings.map(toWarning)] };
}

function toRequest(
  parameters: SendParameters,
  fallback: Fallback | undefined,
  { account, messageId, batchId, now }: Sending,
): SendRequest {
  const { accountId } = account;
  const { CustSpaceId, Label, TaskId, TrackingData } = parameters;
  checkSpace(CustSpaceId, accountId);
  return {
    messageId,
    accountId,
    recipient: toRecipient(parameters),
    content: toContent(parameters),
    steps: [toStep(parameters, fallback, account), ...(fallback ? [fallback.sms] : [])],
    flowId: null,
    purpose: Label === "promotion" ? "MARKETING" : "TRANSACTIONAL",
    scheduledAt: null,
    expiresAt: null,
    callbackUrl: null,
    clientMessageId: TrackingData ?? null,
    batchId,
    clientBatchId: TaskId ?? null,
    lateReports: "AMEND",
    dialect: "alibaba",
    requestedAt: now,
  };
}

/** What is no number stays as it is, for the judge. */
function toRecipient({ ChannelType, To, UserId, UserName }: SendParameters): Recipient {
  const id = UserId ?? UserName;
  if (To === undefined && id === undefined) throw missing("To");
  return {
    msisdn: To === undefined ? null : (parseNumber(To, null) ?? To),
    country: null,
    channelUserIds: id === undefined ? {} : { [ChannelType]: id },
  };
}

function toStep(
  { ChannelType, From, Ttl }: SendParameters,
  fallback: Fallback | undefined,
  account: Account,
): Step {
  return {
    channel: ChannelType,
    sender: givenSender(ChannelType, From, account),
    waitSeconds: fallback?.waitSeconds ?? null,
    wanted: fallback?.wanted ?? "DELIVERED",
    onFailure: "NEXT",
    ttlSeconds: Ttl ?? null,
    ...nothingOwn,
  };
}
