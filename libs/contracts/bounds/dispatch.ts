// What dispatchers are told, and what providers' receipts become.
import {
  accountId,
  anything,
  type Bound,
  document,
  explaining,
  foreignId,
  id,
  instant,
  isInstant,
  list,
  nullable,
  record,
  text,
} from "#libs/contracts/bound.ts";
import type {
  ChannelContent,
  DispatchCommand,
  LeftAttempt,
  StatusReport,
} from "#libs/contracts/generated/types.ts";
import {
  COMMAND_ID_BYTES_MAX,
  ID_BYTES_MAX,
  REPORT_ID_BYTES_MAX,
  RICH_BYTES_MAX,
  SEGMENT_COUNT_MAX,
  STEP_COUNT_MAX,
  TEXT_LENGTH_MAX,
} from "#libs/contracts/limits.ts";
import {
  attemptIndex,
  callRoute,
  charge,
  errorCode,
  errorText,
  messageId,
  name,
  partId,
  recipient,
  segmentCount,
  ttlSeconds,
  waitMs,
} from "./members.ts";

const channelContent = record<ChannelContent>({
  type: anything,
  text: nullable(text(TEXT_LENGTH_MAX)),
  richJson: nullable(document(RICH_BYTES_MAX)),
  smsEncoding: anything,
});

export const dispatchCommand = record<DispatchCommand>({
  commandId: id(COMMAND_ID_BYTES_MAX),
  messageId,
  attemptIndex,
  accountId,
  channel: name,
  sender: nullable(name),
  recipient,
  content: channelContent,
  ttlSeconds,
  waitMs,
  notAfter: instant,
  onUnknown: anything,
  issuedAt: instant,
  revokes: list(
    STEP_COUNT_MAX,
    record<LeftAttempt>({
      attemptIndex,
      channel: name,
      sender: nullable(name),
      recipient,
      provider: name,
      providerMessageIds: list(SEGMENT_COUNT_MAX, partId),
    }),
  ),
  mayBeCalled: anything,
  epoch: name,
});

/**
 * A report is its status, whoever writes it. What else it says explains it, and is shown: an odd number
 * there must not cost the report, or a message that was delivered would be sent again on the next
 * channel. Only what says whose status it is, and which, may be a fault.
 */
export const statusReport: Bound<StatusReport> = (report, faults) => {
  const { occurredAt, receivedAt } = report;
  if (!isTime(receivedAt)) report.receivedAt = isTime(occurredAt) ? occurredAt : 0;
  if (!isTime(occurredAt)) report.occurredAt = report.receivedAt;
  return identified(report, faults);
};

function isTime(value: number): boolean {
  return Number.isInteger(value) && isInstant(value);
}

const identified = record<StatusReport>({
  reportId: id(REPORT_ID_BYTES_MAX),
  messageId: foreignId(ID_BYTES_MAX),
  attemptIndex: nullable(attemptIndex),
  provider: name,
  providerMessageId: foreignId(ID_BYTES_MAX),
  providerMessageIds: list(SEGMENT_COUNT_MAX, partId),
  channel: name,
  status: anything,
  errorCode,
  errorClass: anything,
  errorText,
  segmentCount: explaining(segmentCount),
  occurredAt: anything,
  receivedAt: anything,
  charge: explaining(charge),
  route: explaining(callRoute),
  revocation: anything,
});
