// After a restore nobody knows which commands wait in a lane that is gone, which were called, and which never
// came that far. Those of attempts without any word of a provider are published again, marked: dispatchers
// that have no claim of them treat them as calls whose answer was lost.
import { readGood } from "#libs/contracts/codec.ts";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import type { AttemptDigest, JournalDigest } from "#libs/contracts/journal-digest.ts";
import { readableEntries } from "#libs/contracts/journal-rescue.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { cutItems } from "#libs/cut-items.ts";
import { epochName } from "#libs/flow-store/epoch.ts";
import type { ReadMessages, StoredMessage } from "#libs/flow-store/ports.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import { journalAgain, type Publishing, publishAll } from "#libs/message-flow/publish-entry.ts";
import { commandAgain } from "#libs/message-flow/records-again.ts";
import { outboxMessageIds } from "./outbox-pages.ts";
import { timerPages } from "./timer-pages.ts";

/** Messages that are read in one call. */
const READ_COUNT = 256;

/** What is told of a message again: of which attempts, by their indexes, and whether there are any. */
type Told = {
  isWanted: (digest: JournalDigest) => boolean;
  attemptsOf: (entry: JournalEntry) => readonly number[];
};

/**
 * Publishes the commands of a closed shard's messages that wait for their attempt's first word, and of those that its
 * outbox holds what `publishLeftCommands` does: the journal may tell nothing of them yet. Resolves once Kafka has them. What
 * nobody can read has none. What Redis has kept and the journal has not goes there before its command: should Redis be lost
 * once more, nothing was told that could be decided in another way. `flow.store` is the closed shard's: throws
 * ShardClosedError once that is not as it was found.
 */
export async function publishCommandsAgain(shard: number, flow: Publishing): Promise<void> {
  const running = { isWanted: isSilent, attemptsOf: lastAttempt };
  for await (const timers of timerPages(shard, flow.store)) {
    const messageIds = timers.map(({ messageId }) => messageId);
    if (messageIds.length > 0) await publishOf(shard, messageIds, { told: running, flow });
  }
  for await (const messageIds of outboxMessageIds(shard, flow.store)) {
    await publishLeftCommands(shard, messageIds, flow);
  }
}

/**
 * Likewise of these messages, as they are stored, the commands of attempts that were left without a word, or ended
 * with their message: they may have waited in a lane, and nobody is called for them any more, but they are answered.
 */
export async function publishLeftCommands(
  shard: number,
  messageIds: readonly string[],
  flow: Publishing,
): Promise<void> {
  const left = { isWanted: hasLeftSilent, attemptsOf: leftSilent };
  for (const page of cutItems(messageIds, READ_COUNT)) {
    await publishOf(shard, page, { told: left, flow });
  }
}

async function publishOf(
  shard: number,
  messageIds: readonly string[],
  { told, flow }: { told: Told; flow: Publishing },
): Promise<void> {
  const { contracts } = flow;
  const read = await flow.store.read(shard, messageIds);
  const digests = await readGood(read.messages, ({ state }) => state, contracts.journalDigest);
  const wanted = digests.filter(({ value }) => told.isWanted(value)).map(({ item }) => item);
  await publishUntold(read, wanted, flow);
  const chosen = { attemptsOf: told.attemptsOf, epoch: epochName(read.epoch) };
  const records = await commandsOf(wanted, chosen, contracts);
  if (records.length > 0) await publishAll(records, flow);
}

async function publishUntold(
  read: ReadMessages,
  silent: readonly StoredMessage[],
  flow: Publishing,
): Promise<void> {
  if (silent.length === 0) return;
  const ids = silent.map(({ messageId }) => messageId);
  const unpublished = await flow.store.unpublished(read, ids);
  const untold = silent.filter(({ messageId }) => unpublished.has(messageId));
  if (untold.length === 0) return;
  await publishAll(await journalAgain(untold, read, flow), flow);
  // A restore after another loss may have read past what was on its way.
  await flow.store.read(read.epoch.shard, []);
}

/** The commands of those attempts of each entry that `attemptsOf` names by their index. What nobody can read has none. */
async function commandsOf(
  messages: readonly StoredMessage[],
  { attemptsOf, epoch }: Pick<Told, "attemptsOf"> & { epoch: string },
  contracts: Contracts,
): Promise<OutgoingRecord[]> {
  const entries = await readableEntries(messages, contracts);
  const requests = await readGood(entries, ({ request }) => request, contracts.sendRequest);
  return requests.flatMap(({ item: entry, value: request }) =>
    attemptsOf(entry).flatMap(
      (attemptIndex) => commandAgain({ entry, attemptIndex, epoch }, request, contracts) ?? [],
    ),
  );
}

function lastAttempt({ state }: JournalEntry): number[] {
  return [state.attempts.length - 1];
}

/** An attempt of it was left, or ended with it, and nobody has said anything of that. */
export function hasLeftSilent({ state }: JournalDigest): boolean {
  return state.attempts.some(isLeftSilent);
}

function leftSilent({ state }: JournalEntry): number[] {
  return state.attempts.flatMap((attempt, index) => (isLeftSilent(attempt) ? [index] : []));
}

function isLeftSilent({ status, endedAt, noted }: AttemptDigest): boolean {
  return status === null && endedAt !== null && !noted.includes("UNKNOWN");
}

function isSilent({ state }: JournalDigest): boolean {
  const attempt = state.attempts.at(-1);
  return state.phase === "RUNNING" && attempt?.status === null && attempt.endedAt === null;
}
