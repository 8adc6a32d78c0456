// The auditor: it reads only what lies on the topics and says which guarantee was broken, and by
// what. It shares no code with what it audits but the contracts.
import type {
  DispatchCommand,
  JournalEntry,
  MessageOutcome,
  SendRequest,
  StatusReport,
} from "#libs/contracts/generated/types.ts";

type Recorded<T> = { key: string; partition: number; value: T; bytes: Buffer };

/** Everything that lies on the topics, each topic in the order of its partitions. */
export type Ledger = {
  requests: Recorded<SendRequest>[];
  reports: Recorded<StatusReport>[];
  commands: Recorded<DispatchCommand>[];
  outcomes: Recorded<MessageOutcome>[];
  journal: Recorded<JournalEntry>[];
};

/** Sentences, one for each breach of guarantees 1 to 4; empty: all were kept. */
export function audit(ledger: Ledger): string[] {
  return [
    ...oneOutcomeEach(ledger),
    ...revisionsOnlyRise(ledger),
    ...noTimerEarly(ledger),
    ...stepsInOrder(ledger),
    ...sameIdSameBytes(ledger),
    ...oneProviderIdPerAttempt(ledger),
    ...journalEndsWithNewest(ledger),
  ];
}

/** Guarantee 1: every request ends in exactly one outcome with revision 1. */
function oneOutcomeEach({ requests, outcomes }: Ledger): string[] {
  const firsts = outcomes.filter(({ value }) => value.revision === 1);
  const byMessage = Map.groupBy(firsts, ({ value }) => value.messageId);
  const requested = new Set(requests.map(({ value }) => value.messageId));
  const missing = [...requested].filter((id) => !byMessage.has(id));
  const split = [...byMessage].filter(([, records]) => distinct(records) > 1);
  return [
    ...missing.map((id) => `${id} was requested and has no outcome`),
    ...split.map(([id]) => `${id} has two different outcomes with revision 1`),
  ];
}

function revisionsOnlyRise({ outcomes }: Ledger): string[] {
  const byRevision = Map.groupBy(outcomes, ({ value }) => `${value.messageId}#${value.revision}`);
  return [...byRevision].flatMap(([id, records]) => {
    const [messageId, revision] = id.split("#");
    const breaches = distinct(records) > 1 ? [`outcome ${id} was told in two ways`] : [];
    const before = `${messageId}#${Number(revision) - 1}`;
    if (Number(revision) > 1 && !byRevision.has(before)) breaches.push(`${before} is missing`);
    return breaches;
  });
}

/** Guarantee 2: what time decided was decided when it was due, by the clock of its shard. */
function noTimerEarly(ledger: Ledger): string[] {
  return newestEntries(ledger).flatMap(({ messageId, story }) =>
    story
      .filter(({ rule, at, dueAt }) => rule === "wait-ended" && dueAt !== null && at < dueAt)
      .map(({ attemptIndex }) => `${messageId}: the wait of attempt ${attemptIndex} ended early`),
  );
}

/** Guarantee 3: a step starts once, in order, and only after the one before was left. */
function stepsInOrder(ledger: Ledger): string[] {
  return newestEntries(ledger).flatMap(({ messageId, story, state }) => {
    const started = story.filter(({ type }) => type === "ATTEMPT_STARTED");
    const breaches = started.flatMap(({ attemptIndex, at }, index) => {
      if (attemptIndex !== index) return [`${messageId}: step ${attemptIndex} is out of order`];
      const left = story.find((e) => e.type === "ATTEMPT_LEFT" && e.attemptIndex === index - 1);
      const isDue = index === 0 || (left !== undefined && left.at <= at);
      return isDue ? [] : [`${messageId}: step ${index} started before the last one was left`];
    });
    if (started.length > state.steps.length) breaches.push(`${messageId}: more starts than steps`);
    return breaches;
  });
}

/** Guarantee 4: what is delivered again is the same to the byte. */
function sameIdSameBytes({ commands, journal }: Ledger): string[] {
  const byCommand = Map.groupBy(commands, ({ value }) => value.commandId);
  const byVersion = Map.groupBy(journal, ({ value }) => `${value.messageId} v${value.version}`);
  return [...byCommand, ...byVersion]
    .filter(([, records]) => distinct(records) > 1)
    .map(([id]) => `${id} was published with different bytes`);
}

/** Guarantee 4: one provider call per attempt shows as one provider id, unless an answer was lost. */
function oneProviderIdPerAttempt({ reports }: Ledger): string[] {
  const named = reports.filter(({ value }) => value.messageId !== null);
  const byAttempt = Map.groupBy(named, ({ value }) => `${value.messageId}:${value.attemptIndex}`);
  return [...byAttempt].flatMap(([id, records]) => {
    const ids = new Set(records.flatMap(({ value }) => value.providerMessageId ?? []));
    const openly = records.some(({ value }) => value.errorCode?.startsWith("answer-lost"));
    return ids.size > 1 && !openly ? [`${id} was handed to its provider ${ids.size} times`] : [];
  });
}

/** The compacted journal keeps the last record of a key: it has to be the newest version. */
function journalEndsWithNewest({ journal }: Ledger): string[] {
  const byMessage = Map.groupBy(journal, ({ value }) => value.messageId);
  return [...byMessage].flatMap(([messageId, entries]) => {
    const newest = Math.max(...entries.map(({ value }) => value.version));
    const last = entries.at(-1)?.value.version;
    const partitions = new Set(entries.map(({ partition }) => partition));
    const breaches = last === newest ? [] : [`${messageId}: the journal ends with v${last}`];
    if (partitions.size > 1) breaches.push(`${messageId}: its journal lies on two partitions`);
    return breaches;
  });
}

function newestEntries({ journal }: Ledger): JournalEntry[] {
  const byMessage = Map.groupBy(journal, ({ value }) => value.messageId);
  return [...byMessage.values()].map((entries) =>
    entries.map(({ value }) => value).reduce((a, b) => (b.version > a.version ? b : a)),
  );
}

function distinct(records: readonly Recorded<unknown>[]): number {
  return new Set(records.map(({ bytes }) => bytes.toString("base64"))).size;
}
