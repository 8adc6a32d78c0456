// What senders write: requests, and cancels of them.
import {
  accountId,
  address,
  anything,
  instant,
  list,
  nullable,
  optional,
  record,
  whole,
  words,
} from "#libs/contracts/bound.ts";
import type { CancelRequest, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import {
  INT_MAX,
  REASON_LENGTH_MAX,
  STEP_COUNT_MAX,
  URL_LENGTH_MAX,
} from "#libs/contracts/limits.ts";
import {
  clientId,
  content,
  laterInstant,
  messageId,
  name,
  recipient,
  ttlSeconds,
} from "./members.ts";

const requestedStep = record<Step>({
  channel: name,
  sender: optional(name),
  // How long a step may wait is a rule of the judgement.
  waitSeconds: nullable(whole(-INT_MAX - 1, INT_MAX)),
  wanted: anything,
  onFailure: anything,
  ttlSeconds,
  content: nullable(content),
  recipient: nullable(recipient),
  callbackUrl: address(URL_LENGTH_MAX),
  clientMessageId: clientId,
});

const ofRequest = {
  accountId,
  recipient,
  content,
  steps: list(STEP_COUNT_MAX, requestedStep),
  flowId: optional(name),
  purpose: anything,
  scheduledAt: laterInstant,
  expiresAt: laterInstant,
  callbackUrl: address(URL_LENGTH_MAX),
  clientMessageId: clientId,
  batchId: clientId,
  clientBatchId: clientId,
  lateReports: anything,
  dialect: name,
  requestedAt: instant,
};

/** A request that has no id yet. */
export const unnamedRequest = record<Omit<SendRequest, "messageId">>(ofRequest);

export const sendRequest = record<SendRequest>({ messageId, ...ofRequest });

export const cancelRequest = record<CancelRequest>({
  messageId,
  accountId,
  reason: nullable(words(REASON_LENGTH_MAX)),
  requestedAt: instant,
});
