// A journal as nine days leave it behind: open messages among many more that have ended and are still kept.
// Entries differ by their ids and instants alone, which are written into encoded ones: encoding each takes longer
// than all that Kafka does with it.
import { randomUUID } from "node:crypto";
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { shardOf } from "#libs/flow-store/shard-of.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { OutgoingRecord, Producer } from "#libs/kafka/ports.ts";
import { entryAfter, report, START, sent, threeSteps } from "#test/support/journal-entry.ts";
import { requestRecord } from "../bench-kafka.ts";

const HOUR_MS = 3_600_000;
/** Ended messages are kept for 8 days: their ends are spread over these hours, but for the last one. */
const ENDED_HOURS = 8 * 24 - 1;
/** Entries published in one call. */
const CHUNK_COUNT = 4_000;
/** As long as the UUIDs that take their places. */
const MESSAGE_ID = "message-message-message-message-mess";
const PROVIDER_ID = "provider-provider-provider-provider-";

type Filling = { contracts: Contracts; producer: Producer; shardCount: number };

/** Publishes so many entries, of which every `openEvery`th is of a message that waits for its start. */
export async function fillJournal(
  { contracts, producer, shardCount }: Filling,
  { count, openEvery }: { count: number; openEvery: number },
): Promise<void> {
  const { value: request } = requestRecord(contracts, 60);
  const encode = (inputs: FallbackInput[], hoursAgo: number) => {
    const entry: JournalEntry = { ...entryOf(inputs, hoursAgo), messageId: MESSAGE_ID, request };
    return contracts.journalEntry.encode(entry);
  };
  const open = encode([sent(threeSteps, { scheduledAt: START + 48 * HOUR_MS })], 1);
  const ended = Array.from({ length: ENDED_HOURS }, (_, hour) => encode(endedInputs(), hour + 1));
  for (let from = 0; from < count; from += CHUNK_COUNT) {
    const length = Math.min(CHUNK_COUNT, count - from);
    const records = Array.from({ length }, (_, index): OutgoingRecord => {
      const nth = from + index;
      // As they came: the oldest first.
      const hour = ENDED_HOURS - 1 - Math.floor((ENDED_HOURS * nth) / count);
      const entry = nth % openEvery === 0 ? open : (ended[hour] ?? open);
      return recordOf(entry, shardCount);
    });
    await producer.publish(records);
  }
}

/** The entry as a message's of its own. */
function recordOf(entry: Buffer, shardCount: number): OutgoingRecord {
  const key = randomUUID();
  const value = Buffer.from(entry);
  value.write(key, value.indexOf(MESSAGE_ID), "latin1");
  const providerIdAt = value.indexOf(PROVIDER_ID);
  if (providerIdAt >= 0) value.write(randomUUID(), providerIdAt, "latin1");
  const headers = { [headerNames.epoch]: "000001-00000001", [headerNames.counter]: "1" };
  const partition = shardOf(key, shardCount);
  return { topic: topics.messageJournal.name, key, value, partition, headers };
}

function endedInputs(): FallbackInput[] {
  const ids = { providerMessageId: PROVIDER_ID };
  return [
    sent(threeSteps),
    report(0, "SENT", 500, ids),
    report(0, "DELIVERED", 900, ids),
    report(0, "READ", 5_000, ids),
  ];
}

/** As if its story had begun so many hours ago. */
function entryOf(inputs: FallbackInput[], hoursAgo: number): JournalEntry {
  const shiftMs = Date.now() - START - hoursAgo * HOUR_MS;
  return entryAfter(
    inputs.map((input) => {
      const asked = "requestedAt" in input ? { requestedAt: input.requestedAt + shiftMs } : {};
      const scheduledAt = "scheduledAt" in input ? input.scheduledAt : null;
      const scheduled = scheduledAt === null ? {} : { scheduledAt: scheduledAt + shiftMs };
      return { ...input, ...asked, ...scheduled, at: input.at + shiftMs };
    }),
  );
}
