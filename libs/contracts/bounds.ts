// What every field of every record may be, whoever wrote it. Records are held against it right after
// decoding, so that nothing behind a border checks a length, a range or an instant again. Each fault
// has a code and a path; what it leads to is said at the end.
import { PoisonRecordError } from "#libs/errors.ts";
import {
  accountId,
  address,
  anything,
  type Bound,
  document,
  type Fault,
  foreignId,
  id,
  instant,
  list,
  map,
  nullable,
  optional,
  record,
  text,
  whole,
  words,
} from "./bound.ts";
import type { Read } from "./codec.ts";
import type {
  Attempt,
  AttemptPart,
  CancelRequest,
  ChannelContent,
  Content,
  DispatchCommand,
  FlowStep,
  JournalEntry,
  MessageOutcome,
  MessageState,
  OutcomeAttempt,
  OutcomeFault,
  Recipient,
  RecordTypes,
  RequestFault,
  SendRequest,
  Setting,
  SmsOptions,
  StatusReport,
  Step,
  StoryEvent,
  TimerTick,
} from "./generated/types.ts";
import {
  ADDRESS_LENGTH_MAX,
  CLIENT_ID_LENGTH_MAX,
  COMMAND_ID_BYTES_MAX,
  COUNTRY_LENGTH_MAX,
  ERROR_CODE_LENGTH_MAX,
  ERROR_TEXT_LENGTH_MAX,
  ID_BYTES_MAX,
  INT_MAX,
  NAME_LENGTH_MAX,
  NOTED_COUNT_MAX,
  REASON_LENGTH_MAX,
  RECORD_BYTES_MAX,
  REPORT_ID_BYTES_MAX,
  REQUEST_BYTES_MAX,
  REQUEST_FAULT_COUNT_MAX,
  RICH_BYTES_MAX,
  SEGMENT_COUNT_MAX,
  SETTING_BYTES_MAX,
  SETTING_NAME_LENGTH_MAX,
  SMS_SOURCE_LENGTH_MAX,
  STEP_COUNT_MAX,
  STORY_LENGTH_MAX,
  TEXT_LENGTH_MAX,
  TTL_SECONDS_MAX,
  URL_LENGTH_MAX,
  USER_ID_COUNT_MAX,
  WAIT_SECONDS_MAX,
} from "./limits.ts";
import type { SchemaName } from "./schemas.ts";

/** A dead letter's reason names the first ones. */
const FAULT_COUNT_MAX = 10;

type Bounds = { readonly [S in SchemaName]: Bound<RecordTypes[S]["decoded"]> };

const messageId = id(ID_BYTES_MAX);
const partId = id(ID_BYTES_MAX);
const name = text(NAME_LENGTH_MAX);
const clientId = optional(text(CLIENT_ID_LENGTH_MAX));
const attemptIndex = whole(0, STEP_COUNT_MAX - 1);
const ttlSeconds = nullable(whole(1, TTL_SECONDS_MAX));
const waitMs = nullable(whole(0, WAIT_SECONDS_MAX * 1_000));
const count = whole(0, INT_MAX);
const segmentCount = nullable(whole(0, SEGMENT_COUNT_MAX));
const amount = nullable(whole(0, Number.MAX_SAFE_INTEGER));
const errorCode = nullable(words(ERROR_CODE_LENGTH_MAX));
const errorText = nullable(words(ERROR_TEXT_LENGTH_MAX));
const laterInstant = nullable(instant);

const recipient = record<Recipient>({
  msisdn: optional(text(ADDRESS_LENGTH_MAX)),
  country: optional(text(COUNTRY_LENGTH_MAX)),
  channelUserIds: map(USER_ID_COUNT_MAX, text(ADDRESS_LENGTH_MAX)),
});

const content = record<Content>({
  type: anything,
  text: nullable(text(TEXT_LENGTH_MAX)),
  richJson: nullable(document(RICH_BYTES_MAX)),
  fallbackText: nullable(text(TEXT_LENGTH_MAX)),
  sms: nullable(
    record<SmsOptions>({ encoding: anything, source: optional(text(SMS_SOURCE_LENGTH_MAX)) }),
  ),
});

const channelContent = record<ChannelContent>({
  type: anything,
  text: nullable(text(TEXT_LENGTH_MAX)),
  richJson: nullable(document(RICH_BYTES_MAX)),
  smsEncoding: anything,
});

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

const state = record<MessageState>({
  phase: anything,
  steps: list(
    STEP_COUNT_MAX,
    record<FlowStep>({
      channel: name,
      sender: nullable(name),
      waitMs,
      wanted: anything,
      onFailure: anything,
      ttlSeconds,
    }),
  ),
  attempts: list(
    STEP_COUNT_MAX,
    record<Attempt>({
      startedAt: instant,
      deadlineAt: instant,
      status: anything,
      endedAt: laterInstant,
      errorCode,
      errorClass: anything,
      provider: nullable(name),
      providerMessageId: foreignId(ID_BYTES_MAX),
      segmentCount,
      noted: list(NOTED_COUNT_MAX, anything),
      parts: list(
        SEGMENT_COUNT_MAX,
        record<AttemptPart>({ providerMessageId: partId, success: anything, failure: anything }),
      ),
      refused: list(NOTED_COUNT_MAX, name),
    }),
  ),
  scheduledAt: laterInstant,
  expiresAt: laterInstant,
  lateReports: anything,
  outcome: anything,
  revision: count,
  succeededIndex: nullable(attemptIndex),
  duplicate: anything,
  lateSuccess: anything,
});

const requestFaults = list(
  REQUEST_FAULT_COUNT_MAX,
  record<RequestFault & OutcomeFault>({
    code: name,
    path: words(ERROR_TEXT_LENGTH_MAX),
    words: words(ERROR_TEXT_LENGTH_MAX),
  }),
);

const storyEvent = record<StoryEvent>({
  type: anything,
  at: instant,
  rule: name,
  attemptIndex: nullable(attemptIndex),
  status: anything,
  errorCode,
  errorClass: anything,
  detail: errorText,
  faults: requestFaults,
  dueAt: laterInstant,
  outcome: anything,
  revision: nullable(count),
  duplicate: anything,
});

const outcomeAttempt = record<OutcomeAttempt>({
  channel: name,
  status: anything,
  errorCode,
  startedAt: instant,
  endedAt: laterInstant,
  segmentCount,
  cost: amount,
});

const bounds: Bounds = {
  "send-request": record<SendRequest>({
    messageId,
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
  }),
  "cancel-request": record<CancelRequest>({
    messageId,
    accountId,
    reason: nullable(words(REASON_LENGTH_MAX)),
    requestedAt: instant,
  }),
  "status-report": record<StatusReport>({
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
    segmentCount,
    occurredAt: instant,
    receivedAt: instant,
  }),
  "timer-tick": record<TimerTick>({ messageId, dueAt: instant, firedAt: instant }),
  "dispatch-command": record<DispatchCommand>({
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
  }),
  "message-outcome": record<MessageOutcome>({
    messageId,
    accountId,
    revision: count,
    outcome: anything,
    code: nullable(name),
    faults: requestFaults,
    channel: nullable(name),
    attemptIndex: nullable(attemptIndex),
    attempts: list(STEP_COUNT_MAX, outcomeAttempt),
    duplicate: anything,
    extraCost: amount,
    currency: nullable(name),
    lateSuccess: anything,
    flowId: nullable(name),
    purpose: anything,
    clientMessageId: clientId,
    requestedAt: instant,
    decidedAt: instant,
  }),
  "journal-entry": record<JournalEntry>({
    messageId,
    accountId,
    version: count,
    at: instant,
    traceparent: nullable(name),
    request: anything,
    state,
    story: list(STORY_LENGTH_MAX, storyEvent),
    newEventCount: whole(0, STORY_LENGTH_MAX),
  }),
  setting: record<Setting>({
    // Keys of the operator stand under "*": what a setting's place may be is its reader's rule.
    accountId: name,
    kind: name,
    name: text(SETTING_NAME_LENGTH_MAX),
    revision: whole(0, Number.MAX_SAFE_INTEGER),
    body: document(SETTING_BYTES_MAX),
    changedAt: instant,
    changedBy: words(ADDRESS_LENGTH_MAX),
  }),
};

/**
 * A decoded record within its bounds; PoisonRecordError where what is out of them leaves nobody to
 * be answered. Changes the value itself. `byteCount` is the record's size as it came.
 */
export function withinBounds<S extends SchemaName>(
  schema: S,
  value: RecordTypes[S]["decoded"],
  byteCount: number,
): Read<RecordTypes[S]["decoded"]> {
  const faults: Fault[] = [];
  const held = bounds[schema](value, faults);
  if (byteCount > bytesMax(schema)) faults.push({ code: "too-large", path: "" });
  const fatal = faults.filter((fault) => !isAnswered(schema, fault));
  if (fatal.length === 0) return { value: held, faults };
  const told = fatal.slice(0, FAULT_COUNT_MAX).map(({ code, path }) => `${code} at ${path || "/"}`);
  return new PoisonRecordError(`The ${schema} is out of its bounds: ${told.join(", ")}.`);
}

/** A request whose ids can be used ends with an outcome that names the fault: its sender is told. */
function isAnswered(schema: SchemaName, { path }: Fault): boolean {
  return schema === "send-request" && path !== "/messageId" && path !== "/accountId";
}

function bytesMax(schema: SchemaName): number {
  return schema === "send-request" ? REQUEST_BYTES_MAX : RECORD_BYTES_MAX;
}
