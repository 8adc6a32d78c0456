// How late timers are at a steady rate: ours and Kafka Streams' from the instant a wait ends to the decision, by the
// decider's clock, and to the next command, by the broker's; BullMQ's until its worker has the job in hand.
import { setTimeout as sleep } from "node:timers/promises";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { Bench } from "../bench.ts";
import { passOverTimers, requestRecord } from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { percentile } from "../figures/statistics.ts";
import { measure } from "../measure.ts";
import { startBullmq } from "../peers/bullmq.ts";
import type { PeerTopics } from "../peers/peer-topics.ts";
import { startStreams } from "../peers/streams.ts";
import { startServices, together } from "../processes.ts";
import { type EndedWaits, followWaits } from "./follow-waits.ts";
import type { Scenario } from "./scenario.ts";
import { brokerOf } from "./take.ts";

const WAIT_SECONDS = 2;
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
    "kafka-streams": streams,
  },
};

/** The CPU is that of arming and firing, as the peer's is. */
async function ours(bench: Bench): Promise<Sample> {
  const { env, cores, plan, infrastructure } = bench;
  await passOverTimers(bench);
  const names = ["send-request-consumer", "timer-tick-consumer", "delay-scheduler"];
  const started = await startServices(names, { env, cores: cores?.measured });
  await using stack = new AsyncDisposableStack();
  stack.use(together(started));
  const pids = Object.fromEntries(names.map((name, index) => [name, started[index]?.pid ?? 0]));
  const eventCount = plan.timersPerSecond * plan.timerSeconds;
  const watched = { ...pids, ...bench.watched };
  const [requests, ticks] = [topics.sendRequests.name, topics.timerTicks.name];
  const at = { requests, ticks, commandsOf: dispatchTopic };
  await followSteadily(bench, at, plan.warmUpSeconds);
  return await bench.around({ watched, infrastructure }, () =>
    measure({ watched, eventCount }, () => followSteadily(bench, at, plan.timerSeconds)),
  );
}

/** With its pauses as short as they can be. */
async function streams(bench: Bench): Promise<Sample | null> {
  if (bench.streams === null) return null;
  const { plan, streams: classpath } = bench;
  const { service, at } = await startStreams(bench, { classpath, profile: "punctual" });
  await using app = service;
  const watched = { jvm: app.pid, ...brokerOf(bench) };
  const eventCount = plan.timersPerSecond * plan.timerSeconds;
  await followSteadily(bench, at, plan.warmUpSeconds);
  return await measure({ watched, eventCount }, () => {
    return followSteadily(bench, at, plan.timerSeconds);
  });
}

async function bullmq({ peerRedis, cores, plan }: Bench, hz: number): Promise<Sample> {
  await using queue = await startBullmq(peerRedis, cores);
  await peerRedis.setHz(hz);
  const watched = { bullmq: queue.pid, redis: peerRedis.pid };
  const { timersPerSecond: perSecond, timerSeconds: seconds } = plan;
  const jobs = { perSecond, delayMs: WAIT_SECONDS * 1_000 };
  await queue.steady({ ...jobs, seconds: plan.warmUpSeconds });
  const sample = await measure({ watched, eventCount: perSecond * seconds }, async () => {
    return summarize(await queue.steady({ ...jobs, seconds }));
  });
  await peerRedis.setHz(DEFAULT_HZ);
  await peerRedis.empty();
  return sample;
}

type At = Pick<PeerTopics, "requests" | "commandsOf"> & { ticks?: string };

async function followSteadily(
  bench: Bench,
  at: At,
  seconds: number,
): Promise<Record<string, number>> {
  const ids = new Set<string>();
  await using waits = await followWaits(bench.kafka, at);
  await sendSteadily(bench, { topic: at.requests, ids, seconds });
  const { decided, commanded, hops } = await waits.ended(ids);
  const { p50Ms: commandP50Ms, p99Ms: commandP99Ms } = summarize(commanded);
  return { ...summarize(decided), commandP50Ms, commandP99Ms, ...summarizeHops(hops) };
}

async function sendSteadily(
  { producer, contracts, plan }: Bench,
  { topic, ids, seconds }: { topic: string; ids: Set<string>; seconds: number },
): Promise<void> {
  const startedAt = performance.now();
  const perSlice = (plan.timersPerSecond * SLICE_MS) / 1_000;
  for (let slice = 1; slice <= (seconds * 1_000) / SLICE_MS; slice++) {
    const records = Array.from({ length: perSlice }, () => requestRecord(contracts, WAIT_SECONDS));
    for (const { key } of records) ids.add(key);
    await producer.publish(records.map((record) => ({ ...record, topic })));
    await sleep(Math.max(0, startedAt + slice * SLICE_MS - performance.now()));
  }
}

function summarizeHops(hops: EndedWaits["hops"]): Record<string, number> {
  const told = Object.entries(hops).filter(([, values]) => values.length > 0);
  return Object.fromEntries(told.map(([hop, ms]) => [`${hop}P99Ms`, percentile(ms, 0.99)]));
}

function summarize(values: readonly number[]) {
  const earlyCount = values.filter((ms) => ms < 0).length;
  return { earlyCount, p50Ms: percentile(values, 0.5), p99Ms: percentile(values, 0.99) };
}
