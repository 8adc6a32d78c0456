// After a restore some records are handled again whose traces lay in Redis alone: a report that waited for its
// attempt, a notification that was not delivered yet. Whoever restores notes from which instant on; whoever
// consumes a topic reads it again from there, beside its group. Its group is not set back: no member has to be
// there for it, and no offset is committed that a member in the middle of a chunk would overwrite.
import { setTimeout as sleep } from "node:timers/promises";
import { handleApart } from "#libs/apart.ts";
import { readEach } from "#libs/contracts/codec.ts";
import { cutItems } from "#libs/cut-items.ts";
import { RetriableError } from "#libs/errors.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import type { KafkaConfig } from "#libs/kafka/kafka-config.ts";
import type { Subscription } from "#libs/kafka/ports.ts";
import { openSpanReader } from "#libs/kafka/span-reader.ts";
import { readableBytes, type StoredRecord } from "#libs/kafka/stored-record.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { runScript } from "#libs/redis/script.ts";

export const READ_AGAIN_KEY = "ft:{read-again}";
const LOOK_EVERY_MS = 2_000;
/** A reading that cannot be ended begins anew, ever more rarely: it may be of a day's records. */
const LOOK_AGAIN_MAX_MS = 60_000;
/** As many as a consumer hands over at a time. */
const CHUNK_COUNT_MAX = 512;

const noteScript = readScript(new URL("lua/note-read-again.lua", import.meta.url));
const doneScript = readScript(new URL("lua/done-read-again.lua", import.meta.url));

/** Notes that topics are to be read again, each from an instant on, epoch ms. */
export async function noteReadAgain(
  redis: RedisConnection,
  since: Readonly<Record<string, number>>,
): Promise<void> {
  const args = Object.entries(since).flatMap(([topic, at]) => [topic, String(Math.max(0, at))]);
  await runScript(redis, noteScript, { keys: [READ_AGAIN_KEY], args });
}

export type ReadingAgain = { redis: RedisConnection; kafka: KafkaConfig };

/**
 * Reads the subscription's topic again whenever that is noted, until disposed. Each process that consumes it
 * does so: what is handled twice changes nothing. What cannot be read became a dead letter before; what cannot be
 * handled most likely did, and is told of.
 */
export function readAgain<T>(subscription: Subscription<T>, deps: ReadingAgain): AsyncDisposable {
  const stopping = new AbortController();
  const { log } = deps.kafka;
  async function follow(): Promise<void> {
    let waitMs = LOOK_EVERY_MS;
    while (!stopping.signal.aborted) {
      try {
        await readAgainOnce(subscription, deps, stopping.signal);
        waitMs = LOOK_EVERY_MS;
      } catch (error) {
        const level = error instanceof RetriableError ? "warn" : "error";
        log[level]({ err: error, topic: subscription.topic }, "a topic is read again later");
        waitMs = Math.min(2 * waitMs, LOOK_AGAIN_MAX_MS);
      }
      await sleep(waitMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  }
  const following = follow();
  return {
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await following;
    },
  };
}

async function readAgainOnce<T>(
  subscription: Subscription<T>,
  { redis, kafka }: ReadingAgain,
  stop: AbortSignal,
): Promise<void> {
  const { topic } = subscription;
  const since = await redisReply(redis.at(READ_AGAIN_KEY).hget(READ_AGAIN_KEY, topic));
  if (since === null) return;
  // As the group was given it: senders may write by transactions, and what they aborted never happened.
  await using reader = await openSpanReader(kafka, topic, "committed");
  const spans = await reader.spansSince(Number(since));
  let count = 0;
  let waitsFor: unknown;
  await reader.read(spans, async (records) => {
    if (stop.aborted) throw new RetriableError("This process stops.");
    const waits = await handleAgain(records, subscription, kafka);
    waitsFor ??= waits;
    count += records.length;
  });
  if (waitsFor !== undefined) throw waitsFor;
  await runScript(redis, doneScript, { keys: [READ_AGAIN_KEY], args: [topic, since] });
  kafka.log.info({ topic, since: new Date(Number(since)), count }, "a topic was read again");
}

/** Returns what the first record meets that waits alone: the others are handled, and the topic is read once more. */
async function handleAgain<T>(
  records: readonly StoredRecord[],
  subscription: Subscription<T>,
  { log }: Pick<KafkaConfig, "log">,
): Promise<unknown> {
  const { topic, codec } = subscription;
  let waitsFor: unknown;
  for (const chunk of cutItems(records, CHUNK_COUNT_MAX)) {
    const reads = await readEach(chunk, readableBytes, codec);
    const incoming = reads.flatMap(({ item, read }) => {
      const { partition, offset, key, headers, timestamp, value: bytes } = item;
      if (!bytes || !read || read instanceof Error) return [];
      return [
        { topic, partition, offset: String(offset), key, ...read, bytes, headers, timestamp },
      ];
    });
    const { odd, waiting } = await handleApart(incoming, (some) => handleOpen(some, subscription));
    for (const { item, fault } of odd) {
      const { partition, offset } = item;
      log.error({ err: fault, topic, partition, offset }, "a record cannot be handled once more");
    }
    waitsFor ??= waiting[0]?.fault;
  }
  return waitsFor;
}

/** What is closed is about to be opened: until then nothing of the topic is worth its reading. */
async function handleOpen<T>(
  records: Parameters<Subscription<T>["handle"]>[0],
  subscription: Subscription<T>,
): Promise<void> {
  try {
    await subscription.handle(records);
  } catch (error) {
    throw error instanceof ShardClosedError ? new RetriableError(error.message) : error;
  }
}
