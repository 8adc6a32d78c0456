// How late timers are at a steady rate: from the instant a wait ends to the decision, by the shard's
// clock, and to the acknowledged next command, by the broker's.
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Kafka } from "kafkajs";
import { topics } from "#libs/contracts/topics.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { requestRecord } from "./bench-kafka.ts";
import { startService } from "./processes.ts";
import type { Bench } from "./throughput.ts";

export type Lateness = {
  timersPerSecond: number;
  count: number;
  /** Decisions before their time: there must be none. */
  earlyCount: number;
  p50Ms: number;
  p99Ms: number;
  maxMs: number;
};

const WAIT_SECONDS = 5;
const SLICE_MS = 50;
const TAIL_MS = 20_000;

/** Sends requests at the rate, lets every first wait end, and reads the decisions in the journal. */
export async function measureLateness(
  bench: Bench,
  timersPerSecond: number,
  seconds: number,
): Promise<Lateness> {
  await using stack = new AsyncDisposableStack();
  const { env } = bench.infrastructure;
  for (const name of ["send-request-consumer", "timer-tick-consumer", "delay-scheduler"]) {
    stack.use(await startService(name, env));
  }
  const count = timersPerSecond * seconds;
  const ids = new Set<string>();
  const ended = stack.use(await followWaits(bench.kafka, ids));
  await sendSteadily(bench, { timersPerSecond, seconds, ids });
  await ended.reached(count, WAIT_SECONDS * 1_000 + TAIL_MS);
  return { timersPerSecond, ...summarize(ended.lateness) };
}

async function sendSteadily(
  { producer, contracts }: Bench,
  { timersPerSecond, seconds, ids }: { timersPerSecond: number; seconds: number; ids: Set<string> },
): Promise<void> {
  const startedAt = performance.now();
  const slices = (seconds * 1_000) / SLICE_MS;
  const perSlice = (timersPerSecond * SLICE_MS) / 1_000;
  for (let slice = 0; slice < slices; slice++) {
    const records = Array.from({ length: perSlice }, () => requestRecord(contracts, WAIT_SECONDS));
    for (const { key } of records) ids.add(key);
    await producer.publish(records);
    await sleep(Math.max(0, startedAt + (slice + 1) * SLICE_MS - performance.now()));
  }
}

/** Reads the journal from now on and keeps the lateness of the waits that ended, ms. */
async function followWaits(kafka: Kafka, ids: ReadonlySet<string>) {
  const consumer = kafka.consumer({ groupId: `bench-${randomUUID()}`, maxWaitTimeInMs: 100 });
  const lateness: number[] = [];
  await consumer.connect();
  await consumer.subscribe({ topic: topics.messageJournal.name });
  const joined = new Promise<void>((resolve) => {
    consumer.on(consumer.events.GROUP_JOIN, () => resolve());
  });
  await consumer.run({
    autoCommit: false,
    eachBatch: async ({ batch }) => {
      for (const { key, value } of batch.messages) {
        if (value && ids.has(String(key))) lateness.push(...latenessOf(value));
      }
    },
  });
  await joined;
  return {
    lateness,
    async reached(count: number, limitMs: number) {
      const deadline = Date.now() + limitMs;
      while (lateness.length < count && Date.now() < deadline) await sleep(100);
      if (lateness.length < count)
        throw new Error(`${count - lateness.length} timers are missing.`);
    },
    [Symbol.asyncDispose]: () => consumer.disconnect(),
  };
}

function latenessOf(value: Buffer): number[] {
  const { story, newEventCount } = decodeOwn("journal-entry", value);
  return story
    .slice(-newEventCount)
    .filter(({ rule }) => rule === "wait-ended")
    .map(({ at, dueAt }) => at - (dueAt ?? at));
}

function summarize(lateness: readonly number[]) {
  const sorted = lateness.toSorted((a, b) => a - b);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))] ?? 0;
  const earlyCount = sorted.filter((ms) => ms < 0).length;
  return { count: sorted.length, earlyCount, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) };
}
