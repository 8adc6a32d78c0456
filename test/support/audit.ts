// The auditor: it reads only what lies on the topics and says which guarantee was broken, and by
// what. It shares no code with what it audits but the contracts.
import type {
  AttemptStatus,
  DispatchCommand,
  JournalEntry,
  MessageOutcome,
  ReportStatus,
  SendRequest,
  StatusReport,
  StoryEvent,
  TimerTick,
} from "#libs/contracts/generated/types.ts";
import { auditAsAsked } from "./audit-as-asked.ts";

export type Recorded<T> = {
  key: string;
  partition: number;
  value: T;
  bytes: Buffer;
  /** Of the journal: in which epoch of its shard the state was the stored one; else empty. */
  epoch: string;
};

/** Everything that lies on the topics, each topic in the order of its partitions. */
export type Ledger = {
  requests: Recorded<SendRequest>[];
  reports: Recorded<StatusReport>[];
  ticks: Recorded<TimerTick>[];
  commands: Recorded<DispatchCommand>[];
  outcomes: Recorded<MessageOutcome>[];
  journal: Recorded<JournalEntry>[];
};

/** Sentences, one for each breach of guarantees 1 to 4; empty: all were kept. */
export function audit(ledger: Ledger): string[] {
  return [
    ...oneOutcomeEach(ledger),
    ...revisionsOnlyRise(ledger),
    ...outcomesAreTheStorys(ledger),
    ...noTimerEarly(ledger),
    ...stepsInOrder(ledger),
    ...oneCommandPerStep(ledger),
    ...sameIdSameBytes(ledger),
    ...everyCommandIsAnswered(ledger),
    ...everyReportCounts(ledger),
    ...oneProviderIdPerAttempt(ledger),
    ...journalEndsWithNewest(ledger),
    ...auditAsAsked({ ...ledger, commands: toSend(ledger), newest: newestEntries(ledger) }),
  ];
}

/** Guarantee 1: every request ends in exactly one outcome with revision 1. */
function oneOutcomeEach({ requests, outcomes }: Ledger): string[] {
  const ended = new Set(
    outcomes.filter(({ value }) => value.revision === 1).map(({ value }) => value.messageId),
  );
  const requested = new Set(requests.map(({ value }) => value.messageId));
  return [...requested]
    .filter((messageId) => !ended.has(messageId))
    .map((messageId) => `${messageId} was requested and has no outcome`);
}

/** Guarantees 1 and 4: a revision says one thing, however often, and none is left out. */
function revisionsOnlyRise({ outcomes }: Ledger): string[] {
  const byRevision = Map.groupBy(outcomes, ({ value }) => `${value.messageId}#${value.revision}`);
  return [...byRevision].flatMap(([id, records]) => {
    const { messageId, revision } = records[0]!.value;
    const breaches = distinct(records) > 1 ? [`outcome ${id} was told in two ways`] : [];
    const before = `${messageId}#${revision - 1}`;
    if (revision > 1 && !byRevision.has(before)) breaches.push(`outcome ${before} is missing`);
    return breaches;
  });
}

/** Guarantee 1: analytics hear exactly what was decided. */
function outcomesAreTheStorys(ledger: Ledger): string[] {
  const told = new Set(ledger.outcomes.map(({ value }) => outcomeWord(value.messageId, value)));
  const decided = new Set(
    newestEntries(ledger)
      .filter(({ request }) => request !== null)
      .flatMap(({ messageId, story }) =>
        story.filter(isOutcome).map((event) => outcomeWord(messageId, event)),
      ),
  );
  return [
    ...without(told, decided).map((word) => `${word} was told and never decided`),
    ...without(decided, told).map((word) => `${word} was decided and never told`),
  ];
}

function isOutcome({ type }: StoryEvent): boolean {
  return type === "MESSAGE_ENDED" || type === "OUTCOME_AMENDED";
}

function outcomeWord(messageId: string, said: Pick<StoryEvent, "revision" | "outcome">): string {
  return `outcome ${messageId}#${said.revision} ${said.outcome}`;
}

/** Guarantee 2: what time decided was decided when it was due, by the clock of its shard. */
function noTimerEarly(ledger: Ledger): string[] {
  const ticks = ledger.ticks
    .filter(({ value }) => value.firedAt < value.dueAt)
    .map(({ value }) => `${value.messageId}: a tick was fired before it was due`);
  const moves = newestEntries(ledger).flatMap((entry) =>
    entry.story
      .filter((event) => event.at < dueAtOf(event, entry))
      .map(({ rule, at }) => `${entry.messageId}: ${rule} at ${at} came early`),
  );
  return [...ticks, ...moves];
}

/** When time could decide the event at the earliest; -Infinity where time did not decide it. */
function dueAtOf(event: StoryEvent, { story, state }: JournalEntry): number {
  const startedBefore = story.slice(0, story.indexOf(event)).filter(isStart);
  const deadline = startedBefore.at(-1)?.dueAt ?? Infinity;
  switch (event.rule) {
    case "wait-ended":
    case "closing-window-ended":
    case "listening-ended":
      return deadline;
    case "expired":
      return state.expiresAt ?? Infinity;
    case "first-step":
      return state.scheduledAt ?? -Infinity;
    default:
      return -Infinity;
  }
}

function isStart({ type }: StoryEvent): boolean {
  return type === "ATTEMPT_STARTED";
}

/** Guarantee 3: a step starts once, in order, after the one before was left and before the end. */
function stepsInOrder(ledger: Ledger): string[] {
  return newestEntries(ledger).flatMap(({ messageId, story, state }) => {
    const started = story.filter(isStart);
    const breaches = started.flatMap((event, index) => {
      if (event.attemptIndex !== index) return [`${messageId}: step ${index} is out of order`];
      const before = story.slice(0, story.indexOf(event));
      const isLeft = before.some(
        ({ type, attemptIndex }) => type === "ATTEMPT_LEFT" && attemptIndex === index - 1,
      );
      const hasEnded = before.some(isOutcome);
      if (hasEnded) return [`${messageId}: step ${index} started after the end`];
      return index === 0 || isLeft ? [] : [`${messageId}: step ${index} started too soon`];
    });
    if (started.length > state.steps.length) breaches.push(`${messageId}: more starts than steps`);
    return breaches;
  });
}

/** Guarantees 3 and 4: the commands on the topics are those of the steps that started. */
function oneCommandPerStep(ledger: Ledger): string[] {
  const commanded = new Set(
    toSend(ledger).map(({ value }) => `${value.commandId} at ${value.issuedAt}`),
  );
  const started = new Set(
    newestEntries(ledger).flatMap(({ messageId, story }) =>
      story.filter(isStart).map(({ attemptIndex, at }) => `${messageId}:${attemptIndex} at ${at}`),
    ),
  );
  return [
    ...without(started, commanded).map((id) => `step ${id} started without a command`),
    ...without(commanded, started).map((id) => `command ${id} belongs to no step`),
  ];
}

/** Those that send; the others only take back what an end left. */
function toSend({ commands }: Ledger): Recorded<DispatchCommand>[] {
  return commands.filter(({ value: { revokes, attemptIndex } }) =>
    revokes.every((left) => left.attemptIndex !== attemptIndex),
  );
}

/**
 * Guarantee 4: what is delivered again is the same to the byte. A command that is published again after Redis
 * was lost says so, and what its left attempts are known by then. What was decided and lost with Redis before the
 * journal had it is decided again, in another epoch: its versions are other ones.
 */
function sameIdSameBytes({ commands, journal }: Ledger): string[] {
  const first = commands.filter(({ value }) => !value.mayBeCalled);
  const byCommand = Map.groupBy(first, ({ value }) => value.commandId);
  const byVersion = Map.groupBy(journal, ({ value, epoch }) =>
    `${value.messageId} v${value.version} ${epoch}`.trimEnd(),
  );
  return [...byCommand, ...byVersion]
    .filter(([, records]) => distinct(records) > 1)
    .map(([id]) => `${id} was published with different bytes`);
}

/**
 * Guarantee 4: somebody says what became of each command. A receipt that names only the provider's
 * id shows in the story alone; its dispatcher then has no news to add, if it died before it spoke.
 */
function everyCommandIsAnswered(ledger: Ledger): string[] {
  const reported = ledger.reports.map(({ value }) => `${value.messageId}:${value.attemptIndex}`);
  const shown = newestEntries(ledger).flatMap(({ messageId, state }) =>
    state.attempts.flatMap(({ status }, index) => (status ? `${messageId}:${index}` : [])),
  );
  const answered = new Set([...reported, ...shown]);
  const commanded = new Set(toSend(ledger).map(({ value }) => value.commandId));
  return without(commanded, answered).map((id) => `command ${id} was never answered`);
}

const IS_SENT: readonly (AttemptStatus | null)[] = ["ACCEPTED", "SENT"];
const HAS_REACHED: readonly (AttemptStatus | null)[] = ["DELIVERED", "READ"];

/** Guarantee 4: no word about an attempt is lost. Reports that came while none counted are. */
function everyReportCounts(ledger: Ledger): string[] {
  const states = new Map(
    newestEntries(ledger).map(({ messageId, state }) => [messageId, state] as const),
  );
  const repeated = openlyRepeated(ledger);
  const lost = ledger.reports.flatMap(({ value: { messageId, attemptIndex, status } }) => {
    const state = states.get(messageId ?? "");
    const attempt = state?.attempts[attemptIndex ?? -1];
    if (!attempt || state?.lateReports === "IGNORE") return [];
    // The id of a second copy is nobody's once Redis has lost it: what it brings is noted, and counts for nothing.
    const isSecond = repeated.has(`${messageId}:${attemptIndex}`);
    if (isSecond && attempt.refused.includes("unknown-id")) return [];
    return hasCounted(status, attempt.status) ? [] : [`${messageId}:${attemptIndex}: ${status}`];
  });
  return [...new Set(lost)].map((id) => `${id} was reported and does not show`);
}

function hasCounted(reported: ReportStatus, status: AttemptStatus | null): boolean {
  switch (reported) {
    case "UNKNOWN":
      return true;
    case "ACCEPTED":
    case "SENT":
      return status !== null;
    case "READ":
      return status === "READ";
    case "DELIVERED":
    case "UNREAD":
      return HAS_REACHED.includes(status);
    default:
      return status !== null && !IS_SENT.includes(status);
  }
}

/** Attempts of which an answer was lost, as their dispatchers say. */
export function openlyRepeated({ reports }: Pick<Ledger, "reports">): Set<string> {
  const told = reports.filter(({ value }) => value.errorCode?.startsWith("answer-lost"));
  return new Set(told.map(({ value }) => `${value.messageId}:${value.attemptIndex}`));
}

/** Guarantee 4: one provider call per attempt shows as one provider id, unless an answer was lost. */
function oneProviderIdPerAttempt(ledger: Ledger): string[] {
  const repeated = openlyRepeated(ledger);
  const named = ledger.reports.filter(({ value }) => value.messageId !== null);
  const byAttempt = Map.groupBy(named, ({ value }) => `${value.messageId}:${value.attemptIndex}`);
  return [...byAttempt].flatMap(([id, records]) => {
    const ids = new Set(records.flatMap(({ value }) => value.providerMessageId ?? []));
    return ids.size > 1 && !repeated.has(id)
      ? [`${id} was handed to its provider ${ids.size} times`]
      : [];
  });
}

/** The compacted journal keeps the last record of a key: it has to say what the newest does, maybe of an epoch before. */
function journalEndsWithNewest({ journal }: Ledger): string[] {
  const byMessage = Map.groupBy(journal, ({ value }) => value.messageId);
  return [...byMessage].flatMap(([messageId, entries]) => {
    const newest = newestOf(entries);
    const last = entries.at(-1) ?? newest;
    const partitions = new Set(entries.map(({ partition }) => partition));
    const breaches = last.bytes.equals(newest.bytes)
      ? []
      : [`${messageId}: the journal ends with v${last.value.version}`];
    if (partitions.size > 1) breaches.push(`${messageId}: its journal lies on two partitions`);
    return breaches;
  });
}

/** What the journal says of each message at last. */
export function newestEntries({ journal }: Pick<Ledger, "journal">): JournalEntry[] {
  const byMessage = Map.groupBy(journal, ({ value }) => value.messageId);
  return [...byMessage.values()].map((entries) => newestOf(entries).value);
}

/** A later epoch has gone on without what an earlier one had that was lost; versions count within an epoch. */
function newestOf(entries: readonly Recorded<JournalEntry>[]): Recorded<JournalEntry> {
  return entries.reduce((a, b) => {
    if (a.epoch !== b.epoch) return b.epoch > a.epoch ? b : a;
    return b.value.version > a.value.version ? b : a;
  });
}

function without(some: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...some].filter((each) => !others.has(each));
}

function distinct(records: readonly Recorded<unknown>[]): number {
  return new Set(records.map(({ bytes }) => bytes.toString("base64"))).size;
}
