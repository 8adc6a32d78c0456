// How late timers are at a steady rate: ours from the instant a wait ends to the decision, by the shard's clock, and to
// the next command, by the broker's; BullMQ's until its worker has the job in hand.
import { setTimeout as sleep } from "node:timers/promises";
import { topics } from "#libs/contracts/topics.ts";
import type { Bench } from "../bench.ts";
import { passOver, requestRecord } from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { percentile } from "../figures/statistics.ts";
import { measure } from "../measure.ts";
import { startBullmq } from "../peers/bullmq.ts";
import { startService } from "../processes.ts";
import { followWaits } from "./follow-waits.ts";
import type { Scenario } from "./scenario.ts";

const WAIT_SECONDS = 5;
const SLICE_MS = 50;
const DEFAULT_HZ = 10;

export const lateness: Scenario = {
  name: "lateness",
  title: "how late timers are at a steady rate",
  event: "timer",
  systems: {
    ours,
    "bullmq hz 10": (bench) => bullmq(bench, DEFAULT_HZ),
    "bullmq hz 500": (bench) => bullmq(bench, 500),
  },
};

/** The CPU is that of arming and firing, as the peer's is. */
async function ours(bench: Bench): Promise<Sample> {
  await using stack = new AsyncDisposableStack();
  const { admin, env, cores, plan } = bench;
  await passOver(admin, { groupId: "send-request-consumer", topic: topics.sendRequests.name });
  await passOver(admin, { groupId: "timer-tick-consumer", topic: topics.timerTicks.name });
  const pids: Record<string, number> = {};
  for (const name of ["send-request-consumer", "timer-tick-consumer", "delay-scheduler"]) {
    pids[name] = stack.use(await startService(name, { env, cores: cores?.measured })).pid;
  }
  const eventCount = plan.timersPerSecond * plan.timerSeconds;
  const ids = new Set<string>();
  const waits = stack.use(await followWaits(bench.kafka, ids));
  return await measure({ watched: { ...pids, ...bench.watched }, eventCount }, async () => {
    await sendSteadily(bench, ids);
    const { decided, commanded } = await waits.ended(eventCount);
    const command = summarize(commanded);
    return {
      ...summarize(decided),
      commandP50Ms: command.p50Ms,
      commandP99Ms: command.p99Ms,
    };
  });
}

async function bullmq({ peerRedis, cores, plan }: Bench, hz: number): Promise<Sample> {
  await using queue = await startBullmq(peerRedis, cores);
  await peerRedis.setHz(hz);
  const watched = { bullmq: queue.pid, redis: peerRedis.pid };
  const { timersPerSecond: perSecond, timerSeconds: seconds } = plan;
  const sample = await measure({ watched, eventCount: perSecond * seconds }, async () => {
    return summarize(await queue.steady({ perSecond, seconds, delayMs: WAIT_SECONDS * 1_000 }));
  });
  await peerRedis.setHz(DEFAULT_HZ);
  await peerRedis.empty();
  return sample;
}

async function sendSteadily(bench: Bench, ids: Set<string>): Promise<void> {
  const { producer, contracts, plan } = bench;
  const startedAt = performance.now();
  const perSlice = (plan.timersPerSecond * SLICE_MS) / 1_000;
  for (let slice = 1; slice <= (plan.timerSeconds * 1_000) / SLICE_MS; slice++) {
    const records = Array.from({ length: perSlice }, () => requestRecord(contracts, WAIT_SECONDS));
    for (const { key } of records) ids.add(key);
    await producer.publish(records);
    await sleep(Math.max(0, startedAt + slice * SLICE_MS - performance.now()));
  }
}

function summarize(values: readonly number[]) {
  const earlyCount = values.filter((ms) => ms < 0).length;
  return { earlyCount, p50Ms: percentile(values, 0.5), p99Ms: percentile(values, 0.99) };
}
