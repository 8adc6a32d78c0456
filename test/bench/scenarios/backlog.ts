// A backlog that lies ready, and how fast it is worked off.
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "../bench.ts";
import { recordCount, untilCount } from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { measureRate } from "../measure.ts";
import { type Running, together } from "../processes.ts";

/** Goes through every process before the clock starts, so that their code is compiled. */
export const WARM_UP_COUNT = 20_000;
/** Until what is published is off the outbox. */
const SETTLE_MS = 500;

export type Backlog = {
  /** The processes that work it off, by name. Disposed at the end. */
  running: Readonly<Record<string, Running>>;
  /** Other processes whose CPU is told. */
  watched: Readonly<Record<string, number>>;
  /** Puts so many where the processes take them from. */
  fill: (count: number) => Promise<void>;
  /** Where what they write is counted, and how many records that is for each. */
  written: { topic: string; perMessage: number };
  /** What a Redis has allocated, and how much of it each message's content is. */
  redis?: { usedBytes: () => Promise<number>; contentBytes: number };
};

/**
 * Stops the processes, lays the backlog ready, lets them go, and waits for the last record. `redisBytes` is what
 * each message has added to Redis by then, beside its content.
 */
export async function workOff(bench: Bench, backlog: Backlog): Promise<Sample> {
  const { running, watched, redis } = backlog;
  await using stack = new AsyncDisposableStack();
  stack.use(together(Object.values(running)));
  const { infrastructure } = bench;
  const { messageCount } = bench.plan;
  const warmUp = await layReady(bench, backlog, Math.min(WARM_UP_COUNT, messageCount));
  await warmUp();
  const bytesBefore = await redis?.usedBytes();
  const go = await layReady(bench, backlog, messageCount);
  const pids = Object.entries(running).map(([name, { pid }]) => [name, pid] as const);
  const all = { ...Object.fromEntries(pids), ...watched };
  const measured = { watched: all, eventCount: messageCount };
  const stretch = { watched: all, infrastructure };
  const sample = await bench.around(stretch, () => measureRate(measured, go));
  if (bytesBefore === undefined || !redis) return sample;
  await sleep(SETTLE_MS);
  return withRedisBytes(sample, {
    bytes: (await redis.usedBytes()) - bytesBefore,
    count: messageCount,
    contentBytes: redis.contentBytes,
  });
}

/** Adds what one message of so many takes beside its content. */
export function withRedisBytes(
  sample: Sample,
  { bytes, count, contentBytes }: { bytes: number; count: number; contentBytes: number },
): Sample {
  const redisBytes = Math.round(bytes / count - contentBytes);
  return { ...sample, figures: { ...sample.figures, redisBytes, contentBytes } };
}

/** What is returned lets them go, and resolves once all is written. */
async function layReady({ admin }: Bench, { running, fill, written }: Backlog, count: number) {
  const { topic, perMessage } = written;
  const wanted = (await recordCount(admin, [topic])) + count * perMessage;
  signalAll(running, "SIGSTOP");
  await fill(count);
  return async () => {
    signalAll(running, "SIGCONT");
    await untilCount(admin, [topic], wanted);
  };
}

function signalAll(running: Readonly<Record<string, Running>>, signal: NodeJS.Signals): void {
  for (const { pid } of Object.values(running)) process.kill(pid, signal);
}
