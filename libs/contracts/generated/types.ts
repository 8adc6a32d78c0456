// Generated from schemas/*.avsc by `npm run codegen`; change the schemas instead.
//
// A decoded record has every field. What is written may leave out the fields that have a default:
// `XInit` is the `X` that a writer gives. Instants are epoch ms.

/** The try on one step. */
export type Attempt = {
  /** When its command was decided, epoch ms. */
  startedAt: number;
  /** When its wait ends, epoch ms. */
  deadlineAt: number;
  /** The furthest word on it. */
  status: AttemptStatus | null;
  /** When it succeeded or was left, epoch ms. */
  endedAt: number | null;
  /** The provider's own code of its failure. */
  errorCode: string | null;
  /** What kind of fault the code means. */
  errorClass: ErrorClass | null;
  /** Who took it. */
  provider: string | null;
  /** The provider's own id. */
  providerMessageId: string | null;
  /** SMS segments that were sent. */
  segmentCount: number | null;
  /** Words that were heard and changed nothing; each is told once. */
  noted: ReportStatus[];
  /** What the provider said that it took: one part, or several as of a long SMS. */
  parts: AttemptPart[];
  /** Why reports that named the attempt were not believed; each reason is told once. */
  refused: string[];
  /** What the provider says of its price. */
  charge: Charge | null;
  /** What became of taking it back; absent: nothing is known of that. */
  revocation: Revocation | null;
};

export type AttemptInit = {
  startedAt: number;
  deadlineAt: number;
  status?: AttemptStatus | null | undefined;
  endedAt?: number | null | undefined;
  errorCode?: string | null | undefined;
  errorClass?: ErrorClass | null | undefined;
  provider?: string | null | undefined;
  providerMessageId?: string | null | undefined;
  segmentCount?: number | null | undefined;
  noted?: readonly ReportStatus[] | undefined;
  parts?: readonly AttemptPartInit[] | undefined;
  refused?: readonly string[] | undefined;
  charge?: ChargeInit | null | undefined;
  revocation?: Revocation | null | undefined;
};

/** A piece in which the provider took an attempt, such as one SMS of a long one. */
export type AttemptPart = {
  /** The provider's own id of the part. */
  providerMessageId: string;
  /** The furthest success that was reported of it. */
  success: AttemptStatus;
  /** The failure that was reported of it. */
  failure: AttemptStatus | null;
};

export type AttemptPartInit = {
  providerMessageId: string;
  success?: AttemptStatus | undefined;
  failure?: AttemptStatus | null | undefined;
};

/** The furthest word on an attempt. */
export type AttemptStatus =
  | "UNKNOWN"
  | "ACCEPTED"
  | "SENT"
  | "DELIVERED"
  | "READ"
  | "REJECTED"
  | "FAILED"
  | "UNDELIVERED"
  | "EXPIRED";

/** Which of the account's connections a dispatcher called. */
export type CallRoute = {
  /** The name of the one that answered; absent: none was called. */
  connection: string | null;
  /** The others that were asked before, or could not be, in order. */
  refusals: ConnectionRefusal[];
};

export type CallRouteInit = {
  connection?: string | null | undefined;
  refusals?: readonly ConnectionRefusalInit[] | undefined;
};

/** Stops what has not started of a message. Key: messageId. May overtake its SendRequest. */
export type CancelRequest = {
  /** The message to stop. */
  messageId: string;
  /** The account that owns the message. */
  accountId: string;
  /** Free words for the story. */
  reason: string | null;
  /** When the cancel was asked for, epoch ms. */
  requestedAt: number;
};

export type CancelRequestInit = {
  messageId: string;
  accountId: string;
  reason?: string | null | undefined;
  requestedAt: number;
};

/** What this channel is to say. */
export type ChannelContent = {
  /** Kind of content; always TEXT on sms. */
  type: ContentType;
  /** Plain text. */
  text: string | null;
  /** Rich content as the sender's JSON. */
  richJson: string | null;
  /** Alphabet, on sms only. */
  smsEncoding: SmsEncoding | null;
};

export type ChannelContentInit = {
  type: ContentType;
  text?: string | null | undefined;
  richJson?: string | null | undefined;
  smsEncoding?: SmsEncoding | null | undefined;
};

/** What a provider says of the price of an attempt, as far as it does. */
export type Charge = {
  /** Price of the whole attempt, in 1/1,000,000 of the currency. */
  amountMicros: number | null;
  /** ISO 4217 code of the amount. */
  currency: string | null;
  /** Whether the provider charges for it at all. */
  isBillable: boolean | null;
  /** The provider's own category of it, such as marketing. */
  category: string | null;
  /** MCC and MNC of the network that the person is in. */
  network: string | null;
};

export type ChargeInit = {
  amountMicros?: number | null | undefined;
  currency?: string | null | undefined;
  isBillable?: boolean | null | undefined;
  category?: string | null | undefined;
  network?: string | null | undefined;
};

/** Why a connection of the account did not take an attempt that another one was asked for then. */
export type ConnectionRefusal = {
  /** The connection's name. */
  connection: string;
  /** The provider's own code, or ours where it was not called. */
  errorCode: string | null;
  /** What kind of fault the code means. */
  errorClass: ErrorClass | null;
  /** The provider's own words, or ours. */
  errorText: string | null;
};

export type ConnectionRefusalInit = {
  connection: string;
  errorCode?: string | null | undefined;
  errorClass?: ErrorClass | null | undefined;
  errorText?: string | null | undefined;
};

/** What is to be said, on rich channels and by SMS. */
export type Content = {
  /** Kind of content. */
  type: ContentType;
  /** Plain text; also the SMS text where fallbackText is absent. */
  text: string | null;
  /**
   * The rich content (template, interactive, media ...) as the sender's JSON, handed on as it is.
   */
  richJson: string | null;
  /** Text for SMS steps, instead of content that SMS cannot show. */
  fallbackText: string | null;
  /** SMS options; absent: AUTO and the step's sender. */
  sms: SmsOptions | null;
};

export type ContentInit = {
  type: ContentType;
  text?: string | null | undefined;
  richJson?: string | null | undefined;
  fallbackText?: string | null | undefined;
  sms?: SmsOptionsInit | null | undefined;
};

/** Kind of content. */
export type ContentType =
  | "UNKNOWN"
  | "TEXT"
  | "TEMPLATE"
  | "INTERACTIVE"
  | "IMAGE"
  | "VIDEO"
  | "AUDIO"
  | "FILE"
  | "LOCATION"
  | "CAROUSEL"
  | "RICH_CARD";

/**
 * What was done with a dead letter, which cannot be changed itself. Key: the letter's id. One
 * partition, in whose order the first mark that comes after another one counts, and all that say
 * they come after the same do not.
 */
export type DeadLetterMark = {
  /** A UUID. */
  markId: string;
  /** The letter's topic, partition and offset, with dots in between. */
  letterId: string;
  /**
   * When Kafka took the letter, epoch ms: a topic that was made anew counts its offsets from zero.
   */
  letterAt: number;
  /** The mark that it comes after; null: the letter's first. */
  after: string | null;
  /** What the letter is from then on. REPLAYING: it is about to be sent, and was not or was. */
  state: DeadLetterState;
  /** Of the letter's key and value: one that dies again is known by it. */
  contentHash: string;
  /** Epoch ms. */
  markedAt: number;
  /** Account and id of the key that asked for it. */
  markedBy: string;
};

export type DeadLetterMarkInit = {
  markId: string;
  letterId: string;
  letterAt: number;
  after?: string | null | undefined;
  state: DeadLetterState;
  contentHash: string;
  markedAt: number;
  markedBy: string;
};

/** What has become of a dead letter. */
export type DeadLetterState = "UNKNOWN" | "OPEN" | "REPLAYING" | "REPLAYED" | "DROPPED";

/**
 * Hand one attempt to a provider. Key: messageId. Delivered at least once; commandId makes it once.
 */
export type DispatchCommand = {
  /** messageId:attemptIndex; the idempotency key. */
  commandId: string;
  /** The message. */
  messageId: string;
  /** 0-based attempt. */
  attemptIndex: number;
  /** The account that sends. */
  accountId: string;
  /** The channel of this topic. */
  channel: string;
  /** Sender on the channel. */
  sender: string | null;
  /** Who is to be reached. */
  recipient: Recipient;
  /** What is to be said on this channel. */
  content: ChannelContent;
  /** How long the provider may try, in seconds. */
  ttlSeconds: number | null;
  /** How long the step waits, ms; absent: without end. */
  waitMs: number | null;
  /** Drop the command from this instant on, epoch ms. */
  notAfter: number;
  /**
   * WAIT where a timed next step covers a lost answer, REPEAT where a repeated call is better than
   * silence.
   */
  onUnknown: OnUnknown;
  /** When the step was decided, epoch ms. */
  issuedAt: number;
  /**
   * Attempts to take back before the call. The command's own attempt among them: nothing is sent,
   * it is only taken back.
   */
  revokes: LeftAttempt[];
  /**
   * Published again after Redis was restored. Whoever has no claim of it takes it for a call whose
   * answer was lost.
   */
  mayBeCalled: boolean;
  /**
   * Epoch of the message's shard, in which the step was decided or its command published again;
   * empty: of a version that did not tell, or published again before an emptied shard was opened.
   */
  epoch: string;
};

export type DispatchCommandInit = {
  commandId: string;
  messageId: string;
  attemptIndex: number;
  accountId: string;
  channel: string;
  sender?: string | null | undefined;
  recipient: RecipientInit;
  content: ChannelContentInit;
  ttlSeconds?: number | null | undefined;
  waitMs?: number | null | undefined;
  notAfter: number;
  onUnknown: OnUnknown;
  issuedAt: number;
  revokes?: readonly LeftAttemptInit[] | undefined;
  mayBeCalled?: boolean | undefined;
  epoch?: string | undefined;
};

/** What kind of fault a provider's error code means. */
export type ErrorClass = "UNKNOWN" | "PERMANENT" | "TEMPORARY" | "CONSENT" | "SENDER" | "CONTENT";

/** What happened. */
export type EventType =
  | "UNKNOWN"
  | "REQUEST_ACCEPTED"
  | "CANCEL_REQUESTED"
  | "ATTEMPT_STARTED"
  | "STATUS_CHANGED"
  | "REPORT_NOTED"
  | "ATTEMPT_LEFT"
  | "MESSAGE_ENDED"
  | "OUTCOME_AMENDED";

/** A step as it was when the message started; settings that change later do not touch it. */
export type FlowStep = {
  /** The channel. */
  channel: string;
  /** Sender on the channel. */
  sender: string | null;
  /** How long to wait for the wanted status, ms; absent: left only by a report. */
  waitMs: number | null;
  /** What counts as success. */
  wanted: WantedStatus;
  /** What a failure report leads to. */
  onFailure: OnFailure;
  /** How long the provider may try, in seconds. */
  ttlSeconds: number | null;
};

export type FlowStepInit = {
  channel: string;
  sender?: string | null | undefined;
  waitMs?: number | null | undefined;
  wanted: WantedStatus;
  onFailure: OnFailure;
  ttlSeconds?: number | null | undefined;
};

/**
 * A message's whole state after one transition, and its story. Key: messageId; partition = shard.
 * The newest version of a message is its truth: Redis is restored from here.
 */
export type JournalEntry = {
  /** The message. */
  messageId: string;
  /** The account that sends. */
  accountId: string;
  /** Counts the transitions of this message, from 1. */
  version: number;
  /** When the transition was decided, by the shard's clock, epoch ms. */
  at: number;
  /** W3C trace context of the request; every later record carries it. */
  traceparent: string | null;
  /** The SendRequest in Confluent wire format; absent while only a cancel is known. */
  request: Buffer | null;
  /** State after the transition. */
  state: MessageState;
  /** Everything that was decided, oldest first; the oldest are dropped beyond 200. */
  story: StoryEvent[];
  /** How many events at the end of the story this transition decided. */
  newEventCount: number;
};

export type JournalEntryInit = {
  messageId: string;
  accountId: string;
  version: number;
  at: number;
  traceparent?: string | null | undefined;
  request?: Buffer | null | undefined;
  state: MessageStateInit;
  story: readonly StoryEventInit[];
  newEventCount: number;
};

/** What reports after the end do. */
export type LateReports = "UNKNOWN" | "AMEND" | "IGNORE";

/** An attempt that its step no longer waits for, and that may still reach the person. */
export type LeftAttempt = {
  /** 0-based attempt; its commandId is messageId:attemptIndex. */
  attemptIndex: number;
  /** Its channel. */
  channel: string;
  /** Its sender on the channel. */
  sender: string | null;
  /** Whom it was sent to. */
  recipient: Recipient;
  /** Who took it, as its reports name it. */
  provider: string;
  /** The provider's ids of what is not delivered yet; empty where its answer was lost. */
  providerMessageIds: string[];
};

export type LeftAttemptInit = {
  attemptIndex: number;
  channel: string;
  sender?: string | null | undefined;
  recipient: RecipientInit;
  provider: string;
  providerMessageIds?: readonly string[] | undefined;
};

/**
 * The final word on a message, and its amendments. Key: messageId. Exactly one with revision 1 for
 * each account and messageId.
 */
export type MessageOutcome = {
  /** The message. */
  messageId: string;
  /** The account that sent it. */
  accountId: string;
  /** 1 for the final word; rises when late news amends it. */
  revision: number;
  /** The final word. */
  outcome: Outcome;
  /**
   * Why a rejected message was never valid; asyncapi.yaml says what each means: not-well-formed,
   * unknown-word, too-long, too-many, too-large, too-many-steps, out-of-range, impossible-wait,
   * unknown-account, message-id-taken, stale-request, no-flow, unknown-flow, unknown-channel,
   * unknown-sender, unknown-template, country-not-allowed, number-class-not-allowed,
   * sender-not-approved, no-price, messages-cap-reached, segments-cap-reached, spend-cap-reached,
   * number-cap-reached, prefix-cap-reached, sms-fallback-off, no-recipient, bad-number,
   * bad-country, no-address, content-missing, bad-rich-content, bad-template-parameter,
   * bad-sms-source, sms-without-text, sms-not-gsm, sms-too-long, not-an-instant, schedule-too-far,
   * expires-too-early, bad-callback-url.
   */
  code: string | null;
  /** All that stood against a rejected message, the gravest first: its code is `code`. */
  faults: OutcomeFault[];
  /** The channel that got through. */
  channel: string | null;
  /** The attempt that got through. */
  attemptIndex: number | null;
  /** Every attempt, in order. */
  attempts: OutcomeAttempt[];
  /** Two attempts reached the recipient. */
  duplicate: boolean;
  /**
   * What the attempts beyond the first that reached the recipient cost, in 1/10,000 of the
   * account's currency.
   */
  extraCost: number | null;
  /** ISO 4217 code of the costs' currency; absent where the account has no price list. */
  currency: string | null;
  /** An attempt that had been left got through after all. */
  lateSuccess: boolean;
  /** The named flow. */
  flowId: string | null;
  /** Why the message was sent. */
  purpose: Purpose;
  /** The sender's own id. */
  clientMessageId: string | null;
  /** When the sender asked, epoch ms. */
  requestedAt: number;
  /** When this revision was decided, epoch ms. */
  decidedAt: number;
};

export type MessageOutcomeInit = {
  messageId: string;
  accountId: string;
  revision: number;
  outcome: Outcome;
  code?: string | null | undefined;
  faults?: readonly OutcomeFaultInit[] | undefined;
  channel?: string | null | undefined;
  attemptIndex?: number | null | undefined;
  attempts: readonly OutcomeAttemptInit[];
  duplicate?: boolean | undefined;
  extraCost?: number | null | undefined;
  currency?: string | null | undefined;
  lateSuccess?: boolean | undefined;
  flowId?: string | null | undefined;
  purpose?: Purpose | undefined;
  clientMessageId?: string | null | undefined;
  requestedAt: number;
  decidedAt: number;
};

/** What the decider remembers. */
export type MessageState = {
  /** Where the message stands. */
  phase: Phase;
  /** The flow. */
  steps: FlowStep[];
  /** Every attempt, in order. */
  attempts: Attempt[];
  /** When the first step may start, epoch ms. */
  scheduledAt: number | null;
  /** After this no step starts, epoch ms. */
  expiresAt: number | null;
  /** What reports after the end do. */
  lateReports: LateReports;
  /** The final word; absent while the message is open. */
  outcome: Outcome | null;
  /** Revision of the outcome; 0 while the message is open. */
  revision: number;
  /** The attempt that got through. */
  succeededIndex: number | null;
  /** Two attempts reached the recipient. */
  duplicate: boolean;
  /** An attempt that had been left got through after all. */
  lateSuccess: boolean;
};

export type MessageStateInit = {
  phase: Phase;
  steps: readonly FlowStepInit[];
  attempts: readonly AttemptInit[];
  scheduledAt?: number | null | undefined;
  expiresAt?: number | null | undefined;
  lateReports?: LateReports | undefined;
  outcome?: Outcome | null | undefined;
  revision?: number | undefined;
  succeededIndex?: number | null | undefined;
  duplicate?: boolean | undefined;
  lateSuccess?: boolean | undefined;
};

/** What a failure report leads to. */
export type OnFailure = "UNKNOWN" | "NEXT" | "STOP";

/** What a lost answer leads to. */
export type OnUnknown = "UNKNOWN" | "WAIT" | "REPEAT";

/** The final word on a message. */
export type Outcome =
  | "UNKNOWN"
  | "SUCCEEDED"
  | "EXHAUSTED"
  | "UNCONFIRMED"
  | "EXPIRED"
  | "CANCELED"
  | "REJECTED";

/** One attempt as it stood when the outcome was decided. */
export type OutcomeAttempt = {
  /** Its channel. */
  channel: string;
  /** The furthest word on it; absent: none came. */
  status: AttemptStatus | null;
  /** The provider's own code. */
  errorCode: string | null;
  /** When its command was decided, epoch ms. */
  startedAt: number;
  /** When it succeeded or was left, epoch ms. */
  endedAt: number | null;
  /** SMS segments that were sent. */
  segmentCount: number | null;
  /** Estimated cost in 1/10,000 of the account's currency. */
  cost: number | null;
  /** The sender's own id of the step, where it has one of its own. */
  clientMessageId: string | null;
  /** What the provider says of its price; `cost` is the estimate by the account's list. */
  charge: Charge | null;
  /** What became of taking it back; absent: nobody asked. */
  revocation: Revocation | null;
};

export type OutcomeAttemptInit = {
  channel: string;
  status?: AttemptStatus | null | undefined;
  errorCode?: string | null | undefined;
  startedAt: number;
  endedAt?: number | null | undefined;
  segmentCount?: number | null | undefined;
  cost?: number | null | undefined;
  clientMessageId?: string | null | undefined;
  charge?: ChargeInit | null | undefined;
  revocation?: Revocation | null | undefined;
};

/** Something that stands against a request. */
export type OutcomeFault = {
  /** What it is, in the words of `code`. */
  code: string;
  /** JSON pointer into the request; empty: the whole of it. */
  path: string;
  /** What is wrong and what to do about it; stands behind the path. */
  words: string;
};

export type OutcomeFaultInit = {
  code: string;
  path?: string | undefined;
  words?: string | undefined;
};

/** Where a message stands. RECALLED: its cancel came first. */
export type Phase = "UNKNOWN" | "NEW" | "RECALLED" | "SCHEDULED" | "RUNNING" | "ENDED";

/** Why the message is sent. */
export type Purpose = "UNKNOWN" | "OTP" | "TRANSACTIONAL" | "SERVICE" | "MARKETING";

/** The person to reach. At least one address is given. */
export type Recipient = {
  /** Phone number in E.164 with its plus sign. Wins over channelUserIds. */
  msisdn: string | null;
  /** ISO 3166 alpha-2 country of the number, where the sender named it. */
  country: string | null;
  /** Channel name -> the person's id on that channel. */
  channelUserIds: Record<string, string>;
};

export type RecipientInit = {
  msisdn?: string | null | undefined;
  country?: string | null | undefined;
  channelUserIds?: Readonly<Record<string, string>> | undefined;
};

/**
 * A provider's word, normalised. Success grows from ACCEPTED to READ; UNREAD says delivered and
 * left unread; the others are final failures; UNKNOWN changes nothing.
 */
export type ReportStatus =
  | "UNKNOWN"
  | "ACCEPTED"
  | "SENT"
  | "DELIVERED"
  | "READ"
  | "UNREAD"
  | "REJECTED"
  | "FAILED"
  | "UNDELIVERED"
  | "EXPIRED";

/** Something that stands against a request. */
export type RequestFault = {
  /** What it is, in the words of `code`. */
  code: string;
  /** JSON pointer into the request; empty: the whole of it. */
  path: string;
  /** What is wrong and what to do about it; stands behind the path. */
  words: string;
};

export type RequestFaultInit = {
  code: string;
  path?: string | undefined;
  words?: string | undefined;
};

/**
 * What a provider answered when it was asked to take an attempt back. REVOKED: it will not be
 * delivered. REQUESTED: the provider takes the wish and says no more. TOO_LATE: the person had it
 * already. REFUSED: it does not take it back. NO_ANSWER: nothing was said in time.
 */
export type Revocation = "UNKNOWN" | "REVOKED" | "REQUESTED" | "TOO_LATE" | "REFUSED" | "NO_ANSWER";

/**
 * A customer wants a message to reach a person. Key: messageId. The first one with a messageId
 * counts; later ones change nothing.
 */
export type SendRequest = {
  /** Unique for ever; the key of every record about this message. 8x8 calls it umid. */
  messageId: string;
  /** The account that sends; 8x8 calls it sub-account. */
  accountId: string;
  /** Who is to be reached. */
  recipient: Recipient;
  /** What is to be said. */
  content: Content;
  /** One to ten steps in order; empty: flowId, else the account's default flow. */
  steps: Step[];
  /** A named flow of the account, used where steps is empty. */
  flowId: string | null;
  /** Why the message is sent. */
  purpose: Purpose;
  /** Not before this instant, epoch ms; absent: at once. */
  scheduledAt: number | null;
  /** No step starts after this instant, epoch ms. */
  expiresAt: number | null;
  /** Where status changes of this message are posted, instead of the account's URL. */
  callbackUrl: string | null;
  /** The sender's own id; echoed, never interpreted. */
  clientMessageId: string | null;
  /** Id of the batch that this message came in. */
  batchId: string | null;
  /** The sender's own id of the batch. */
  clientBatchId: string | null;
  /** AMEND lets a late success amend the outcome; IGNORE only keeps it in the story. */
  lateReports: LateReports;
  /**
   * The API that the sender spoke: native, 8x8, infobip, kaleyra, alibaba, vonage, vonage-dispatch;
   * kafka for none.
   */
  dialect: string;
  /**
   * When the sender asked, epoch ms. Older than the acceptance window (24 h): rejected as stale.
   */
  requestedAt: number;
};

export type SendRequestInit = {
  messageId: string;
  accountId: string;
  recipient: RecipientInit;
  content: ContentInit;
  steps?: readonly StepInit[] | undefined;
  flowId?: string | null | undefined;
  purpose?: Purpose | undefined;
  scheduledAt?: number | null | undefined;
  expiresAt?: number | null | undefined;
  callbackUrl?: string | null | undefined;
  clientMessageId?: string | null | undefined;
  batchId?: string | null | undefined;
  clientBatchId?: string | null | undefined;
  lateReports?: LateReports | undefined;
  dialect?: string | undefined;
  requestedAt: number;
};

/**
 * One thing that an account configures. Key: accountId/kind/name; a null value deletes it. One
 * partition, compacted.
 */
export type Setting = {
  /** The account. */
  accountId: string;
  /** What it is: account, channel, flow, template, sender, price ... */
  kind: string;
  /** Its name within the account and kind. */
  name: string;
  /** Rises with every change; the ETag of the API. */
  revision: number;
  /** The setting as JSON, as the API shows it. */
  body: string;
  /** When it was changed, epoch ms. */
  changedAt: number;
  /** The API key's name that changed it. */
  changedBy: string;
};

export type SettingInit = {
  accountId: string;
  kind: string;
  name: string;
  revision: number;
  body: string;
  changedAt: number;
  changedBy: string;
};

/** Alphabet of an SMS; AUTO takes GSM 03.38 where it fits. */
export type SmsEncoding = "UNKNOWN" | "AUTO" | "GSM" | "UNICODE";

/** How the text is sent when a step goes by SMS. */
export type SmsOptions = {
  /** Alphabet to use. */
  encoding: SmsEncoding;
  /** Sender id shown on the handset; wins over the step's sender. */
  source: string | null;
};

export type SmsOptionsInit = {
  encoding?: SmsEncoding | undefined;
  source?: string | null | undefined;
};

/**
 * A provider's word on an attempt, normalised. Key: messageId where it is known, else
 * <provider>:<providerMessageId>.
 */
export type StatusReport = {
  /** Stable over redelivery of the same report. */
  reportId: string;
  /** The message; absent: joined through provider and providerMessageId. */
  messageId: string | null;
  /** 0-based attempt; absent: found by the provider's id, else by the channel. */
  attemptIndex: number | null;
  /** Who reports. */
  provider: string;
  /** The provider's own id of the attempt. */
  providerMessageId: string | null;
  /** Channel of the attempt. */
  channel: string;
  /** The word. */
  status: ReportStatus;
  /** The provider's own code. */
  errorCode: string | null;
  /** What kind of fault the code means. */
  errorClass: ErrorClass | null;
  /** The provider's own words. */
  errorText: string | null;
  /** SMS segments that were sent. */
  segmentCount: number | null;
  /** When it happened, by the provider's clock, epoch ms; for display only. */
  occurredAt: number;
  /** When we learnt of it, epoch ms. */
  receivedAt: number;
  /**
   * The ids of all parts, where the provider took the attempt in several; providerMessageId is then
   * the first. Else empty.
   */
  providerMessageIds: string[];
  /** What the provider says of its price; null where it says nothing. */
  charge: Charge | null;
  /**
   * Of a dispatcher's word: by which connection of the account it came. Absent in receipts, and
   * where the account has none of its own.
   */
  route: CallRoute | null;
  /**
   * Set where the report says what became of taking the attempt back; its status is then UNKNOWN.
   */
  revocation: Revocation | null;
};

export type StatusReportInit = {
  reportId: string;
  messageId?: string | null | undefined;
  attemptIndex?: number | null | undefined;
  provider: string;
  providerMessageId?: string | null | undefined;
  channel: string;
  status: ReportStatus;
  errorCode?: string | null | undefined;
  errorClass?: ErrorClass | null | undefined;
  errorText?: string | null | undefined;
  segmentCount?: number | null | undefined;
  occurredAt: number;
  receivedAt: number;
  providerMessageIds?: readonly string[] | undefined;
  charge?: ChargeInit | null | undefined;
  route?: CallRouteInit | null | undefined;
  revocation?: Revocation | null | undefined;
};

/** One channel to try, and how long. */
export type Step = {
  /** whatsapp, viber, rcs or sms; names the topic dispatch-<channel>. */
  channel: string;
  /** Sender on the channel; absent: the account's. */
  sender: string | null;
  /** Seconds to wait for the wanted status; absent: left only by a report. */
  waitSeconds: number | null;
  /** What counts as success of this step. */
  wanted: WantedStatus;
  /** NEXT goes on with the next step, STOP ends the message as exhausted. */
  onFailure: OnFailure;
  /** How long the provider may try, in seconds. */
  ttlSeconds: number | null;
  /** What this step says instead of the message's own content. */
  content: Content | null;
  /** Where this step reaches the person instead of the message's own recipient. */
  recipient: Recipient | null;
  /** Where status changes of this step are posted, instead of the message's own URL. */
  callbackUrl: string | null;
  /**
   * The sender's own id of this step, told with its status changes instead of the message's;
   * echoed, never interpreted.
   */
  clientMessageId: string | null;
};

export type StepInit = {
  channel: string;
  sender?: string | null | undefined;
  waitSeconds?: number | null | undefined;
  wanted?: WantedStatus | undefined;
  onFailure?: OnFailure | undefined;
  ttlSeconds?: number | null | undefined;
  content?: ContentInit | null | undefined;
  recipient?: RecipientInit | null | undefined;
  callbackUrl?: string | null | undefined;
  clientMessageId?: string | null | undefined;
};

/** A decided fact and why it was decided. */
export type StoryEvent = {
  /** What happened. */
  type: EventType;
  /** When it was decided, epoch ms. */
  at: number;
  /** The rule that decided it. */
  rule: string;
  /** The attempt that it is about. */
  attemptIndex: number | null;
  /** The provider's word that led to it. */
  status: ReportStatus | null;
  /** The provider's own code. */
  errorCode: string | null;
  /** What kind of fault the code means. */
  errorClass: ErrorClass | null;
  /** The provider's or the canceller's own words, or the code of a rejection. */
  detail: string | null;
  /** All that stood against a rejected request, the gravest first. */
  faults: RequestFault[];
  /** The deadline that was set or that passed, epoch ms. */
  dueAt: number | null;
  /** The outcome that was decided. */
  outcome: Outcome | null;
  /** Its revision. */
  revision: number | null;
  /** Two attempts reached the recipient. */
  duplicate: boolean;
  /** Price that became known. */
  charge: Charge | null;
  /**
   * Of a dispatcher's word: by which connection of the account it came. Absent in receipts, and
   * where the account has none of its own.
   */
  route: StoryRoute | null;
  /** What became of taking the attempt back. */
  revocation: Revocation | null;
};

export type StoryEventInit = {
  type: EventType;
  at: number;
  rule: string;
  attemptIndex?: number | null | undefined;
  status?: ReportStatus | null | undefined;
  errorCode?: string | null | undefined;
  errorClass?: ErrorClass | null | undefined;
  detail?: string | null | undefined;
  faults?: readonly RequestFaultInit[] | undefined;
  dueAt?: number | null | undefined;
  outcome?: Outcome | null | undefined;
  revision?: number | null | undefined;
  duplicate?: boolean | undefined;
  charge?: ChargeInit | null | undefined;
  route?: StoryRouteInit | null | undefined;
  revocation?: Revocation | null | undefined;
};

/** Why a connection of the account did not take an attempt that another one was asked for then. */
export type StoryRefusal = {
  /** The connection's name. */
  connection: string;
  /** The provider's own code, or ours where it was not called. */
  errorCode: string | null;
  /** What kind of fault the code means. */
  errorClass: ErrorClass | null;
  /** The provider's own words, or ours. */
  errorText: string | null;
};

export type StoryRefusalInit = {
  connection: string;
  errorCode?: string | null | undefined;
  errorClass?: ErrorClass | null | undefined;
  errorText?: string | null | undefined;
};

/** Which of the account's connections a dispatcher called. */
export type StoryRoute = {
  /** The name of the one that answered; absent: none was called. */
  connection: string | null;
  /** The others that were asked before, or could not be, in order. */
  refusals: StoryRefusal[];
};

export type StoryRouteInit = {
  connection?: string | null | undefined;
  refusals?: readonly StoryRefusalInit[] | undefined;
};

/** A message's timer is due. Key: messageId. May come more than once and late, never early. */
export type TimerTick = {
  /** The message whose timer is due. */
  messageId: string;
  /** When it was due, epoch ms. */
  dueAt: number;
  /**
   * When the scheduler took it, by the earlier of Redis' and its own clock, epoch ms; minus dueAt
   * is the lateness. A timer that is due later than this is another one: the tick does not concern
   * it.
   */
  firedAt: number;
  /**
   * Until when the tick stands for its timer, epoch ms: then the timer fires again, and a tick that
   * is not handled by now may be dropped. null: an older scheduler fired it.
   */
  leaseEndsAt: number | null;
};

export type TimerTickInit = {
  messageId: string;
  dueAt: number;
  firedAt: number;
  leaseEndsAt?: number | null | undefined;
};

/** What counts as success of a step. */
export type WantedStatus = "UNKNOWN" | "ACCEPTED" | "SENT" | "DELIVERED" | "READ";

/** The record type of each file under `schemas/`. */
export type RecordTypes = {
  "cancel-request": { decoded: CancelRequest; given: CancelRequestInit };
  "dead-letter-mark": { decoded: DeadLetterMark; given: DeadLetterMarkInit };
  "dispatch-command": { decoded: DispatchCommand; given: DispatchCommandInit };
  "journal-entry": { decoded: JournalEntry; given: JournalEntryInit };
  "message-outcome": { decoded: MessageOutcome; given: MessageOutcomeInit };
  "send-request": { decoded: SendRequest; given: SendRequestInit };
  setting: { decoded: Setting; given: SettingInit };
  "status-report": { decoded: StatusReport; given: StatusReportInit };
  "timer-tick": { decoded: TimerTick; given: TimerTickInit };
};
