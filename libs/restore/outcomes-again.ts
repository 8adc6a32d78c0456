// An outcome goes to Kafka right behind the journal's record. Whoever died between the two has left it in the
// outbox; where Redis was lost with it, the journal alone knows of it, maybe only in a record of another writer
// who came after. Those of the last instants before the loss that nobody has told are told.
import { readGood } from "#libs/contracts/codec.ts";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { readStored, type StoredEntry } from "#libs/contracts/journal-rescue.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { OutboxEntry } from "#libs/flow-store/ports.ts";
import type { OutgoingRecord } from "#libs/kafka/ports.ts";
import type { SpanReader } from "#libs/kafka/span-reader.ts";
import { readableBytes, type StoredRecord } from "#libs/kafka/stored-record.ts";
import type { Flow } from "#libs/message-flow/flow.ts";
import { decodeOutbox } from "#libs/message-flow/outbox.ts";
import { deadState, publishAll } from "#libs/message-flow/publish-entry.ts";
import { outcomesAgain } from "#libs/message-flow/records-again.ts";
import { setAside } from "#libs/message-flow/set-aside.ts";

/** Outcomes are told after they are decided, by clocks that differ by less than this. */
const CLOCKS_DIFFER_MS = 10_000;

export type OutcomesAgain = Pick<
  Flow,
  "contracts" | "settings" | "producer" | "store" | "log" | "letters"
> & {
  /** A reader of the outcomes. */
  openReader: () => Promise<SpanReader>;
  /** What the outboxes still hold, page by page: it is told once their shards are open. */
  outboxes: () => AsyncIterable<readonly OutboxEntry[]>;
};

/**
 * Takes the journal's records, each partition's in order, and tells what they have of outcomes that were decided at
 * `sinceMs` (epoch ms) or later, that are not on Kafka and that no outbox holds: a newer record may say it in other words
 * than the outbox will. Resolves once they are on Kafka. What nobody can read has none, and is a
 * dead letter where only its story cannot be read: the others of these are it already.
 */
export function outcomesTeller(
  sinceMs: number,
  flow: OutcomesAgain,
): (records: readonly StoredRecord[]) => Promise<void> {
  const { contracts, settings } = flow;
  let reading: Promise<Set<string>> | undefined;
  return async (records) => {
    reading ??= readTold(sinceMs - CLOCKS_DIFFER_MS, flow);
    const told = await reading;
    const stored = await readStored(records, readableBytes, contracts);
    const ended = stored.flatMap(({ entry }) => entry ?? []).filter(isTold);
    const requests = await readGood(ended, ({ request }) => request, contracts.sendRequest);
    const again = requests.flatMap(({ item: entry, value: request }) => {
      const isWanted = ({ at, revision }: { at: number; revision: number | null }) => {
        if (revision === null || at < sinceMs || told.has(nameOf(entry.messageId, revision)))
          return false;
        told.add(nameOf(entry.messageId, revision));
        return true;
      };
      return outcomesAgain({ entry, isWanted }, request, { contracts, settings });
    });
    if (again.length > 0) await publishAll(again, flow);
    await tellUntold(stored, told, flow);
  };
}

/** Nobody can say the outcome of a story that cannot be read: if it was not told, a person has to hear of it. */
async function tellUntold(
  stored: readonly StoredEntry<StoredRecord>[],
  told: ReadonlySet<string>,
  flow: OutcomesAgain,
): Promise<void> {
  for (const { item, entry, fault } of stored) {
    const state = readableBytes(item);
    if (!fault || !entry || !state || !isTold(entry)) continue;
    const { messageId } = entry;
    if (told.has(nameOf(messageId, entry.state.revision))) continue;
    const reason = `Its outcome may not have been told before Redis was lost: ${fault.message}`;
    await setAside(deadState({ messageId, state }, reason), flow);
  }
}

async function readTold(
  sinceMs: number,
  { contracts, openReader, outboxes }: OutcomesAgain,
): Promise<Set<string>> {
  const told = new Set<string>();
  const note = async (values: readonly (Buffer | null)[]) => {
    const outcomes = await readGood(values, (value) => value, contracts.messageOutcome);
    for (const { value } of outcomes) told.add(nameOf(value.messageId, value.revision));
  };
  // What leaves an outbox meanwhile is on Kafka by then.
  for await (const entries of outboxes()) await note(entries.flatMap(outcomesIn));
  await using reader = await openReader();
  const spans = await reader.spansSince(sinceMs);
  await reader.read(spans, (records) => note(records.map(readableBytes)));
  return told;
}

function outcomesIn(entry: OutboxEntry): (Buffer | null)[] {
  const messages = "fault" in entry ? [] : entry.messages;
  const records = messages.flatMap(({ outbox }) => readableRecords(outbox));
  const outcomes = records.filter(({ topic }) => topic === topics.messageOutcomes.name);
  return outcomes.map(({ value }) => value);
}

/** What nobody can read is set aside by whoever drains it. */
function readableRecords(outbox: Buffer): OutgoingRecord[] {
  try {
    return decodeOutbox(outbox);
  } catch {
    return [];
  }
}

function nameOf(messageId: string, revision: number): string {
  return `${messageId}#${revision}`;
}

function isTold({ state }: JournalEntry): boolean {
  return state.phase === "ENDED";
}
