// Timers that are all due at once fire: ours until the next step's command is acknowledged, BullMQ's until the jobs,
// which do nothing, are completed.
import { setTimeout as sleep } from "node:timers/promises";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { Bench } from "../bench.ts";
import { passOverTimers, produceRequests, recordCount, untilCount } from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { measureRate } from "../measure.ts";
import { startBullmq } from "../peers/bullmq.ts";
import type { PeerTopics } from "../peers/peer-topics.ts";
import { startPlain, startPlainTimers } from "../peers/plain.ts";
import { startStreams } from "../peers/streams.ts";
import { type Running, startServices, together } from "../processes.ts";
import { WARM_UP_COUNT } from "./backlog.ts";
import type { Scenario } from "./scenario.ts";
import { brokerOf } from "./take.ts";

const WAIT_SECONDS = 1;
/** A timer that was armed last is due by then. */
const DUE_MS = WAIT_SECONDS * 1_000 + 500;

export const fire: Scenario = {
  name: "fire",
  title: "fire timers that are all due, until the next command is acknowledged",
  event: "timer",
  systems: {
    ours: (bench) => fireOurs(bench, bench.plan.messageCount),
    bullmq,
    plain,
    "kafka-streams": streams,
  },
};

type Firing = {
  /** Between the two no timer fires. */
  hold: () => void;
  letGo: () => void;
  watched: Readonly<Record<string, number>>;
  /** Where requests go, and where both steps' commands come out. */
  at: Pick<PeerTopics, "requests" | "commandsOf">;
  count: number;
};

/** So many timers, with what else the shards hold. */
export async function fireOurs(bench: Bench, count: number): Promise<Sample> {
  const { env, cores, watched } = bench;
  const requests = topics.sendRequests.name;
  await passOverTimers(bench);
  const names = ["delay-scheduler", "timer-tick-consumer", "send-request-consumer"];
  const started = await startServices(names, { env, cores: cores?.measured });
  await using stack = new AsyncDisposableStack();
  stack.use(together(started));
  const [firer, ticks] = started as [Running, Running];
  const pids = { "delay-scheduler": firer.pid, "timer-tick-consumer": ticks.pid };
  const at = { requests, commandsOf: dispatchTopic };
  const all = { ...pids, ...watched };
  return await fireAll(bench, { ...standing(firer), watched: all, at, count });
}

async function plain(bench: Bench): Promise<Sample> {
  await using stack = new AsyncDisposableStack();
  const { peerRedis } = bench;
  const { service, at } = await startPlain(bench);
  stack.use(service);
  const firer = stack.use(await startPlainTimers(bench, at));
  const watched = { "plain timers": firer.pid, redis: peerRedis.pid, ...brokerOf(bench) };
  const count = bench.plan.messageCount;
  const sample = await fireAll(bench, { ...standing(firer), watched, at, count });
  await peerRedis.empty();
  return sample;
}

async function streams(bench: Bench): Promise<Sample | null> {
  if (bench.streams === null) return null;
  const app = await startStreams(bench, { classpath: bench.streams, profile: "usual" });
  await using service = app.service;
  const watched = { jvm: service.pid, ...brokerOf(bench) };
  return await fireAll(bench, { ...app, watched, count: bench.plan.messageCount });
}

async function bullmq({ peerRedis, cores, plan }: Bench): Promise<Sample> {
  await using queue = await startBullmq(peerRedis, cores);
  const warmUpCount = Math.min(WARM_UP_COUNT, plan.messageCount);
  await queue.add({ count: warmUpCount, delayMs: 1 });
  await queue.drain(warmUpCount);
  await queue.add({ count: plan.messageCount, delayMs: 1 });
  const watched = { bullmq: queue.pid, redis: peerRedis.pid };
  const count = plan.messageCount;
  const sample = await measureRate({ watched, eventCount: count }, () => queue.drain(count));
  await peerRedis.empty();
  return sample;
}

/** A process that stands still fires nothing. */
function standing({ pid }: Running): Pick<Firing, "hold" | "letGo"> {
  return {
    hold: () => void process.kill(pid, "SIGSTOP"),
    letGo: () => void process.kill(pid, "SIGCONT"),
  };
}

async function fireAll(bench: Bench, firing: Firing): Promise<Sample> {
  const { hold, letGo, watched, at, count: eventCount } = firing;
  const { admin, infrastructure } = bench;
  const second = at.commandsOf("sms");
  const arm = async (count: number) => {
    const first = at.commandsOf("whatsapp");
    const armed = (await recordCount(admin, [first])) + count;
    const fired = (await recordCount(admin, [second])) + count;
    hold();
    await produceRequests(bench, { count, topic: at.requests, waitSeconds: WAIT_SECONDS });
    await untilCount(admin, [first], armed);
    await sleep(DUE_MS);
    return async () => {
      letGo();
      await untilCount(admin, [second], fired);
    };
  };
  const warmUp = await arm(Math.min(WARM_UP_COUNT, eventCount));
  await warmUp();
  const go = await arm(eventCount);
  const stretch = { watched, infrastructure };
  return bench.around(stretch, () => measureRate({ watched, eventCount }, go));
}
