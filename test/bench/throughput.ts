// Messages per second, each measurement on a backlog that lies ready, with the CPU of every process.
import { randomUUID } from "node:crypto";
import type { Admin, Kafka } from "kafkajs";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { createPlainTopics, produceRequests, recordCount, untilCount } from "./bench-kafka.ts";
import { measureCpu, type Watched } from "./cpu.ts";
import { type Running, startBenchProcess, startService } from "./processes.ts";

export type Bench = {
  infrastructure: Infrastructure;
  kafka: Kafka;
  admin: Admin;
  producer: Producer;
  contracts: Contracts;
  /** Broker and Redis, where they are processes of this machine. */
  watched: Watched;
  messageCount: number;
};

export type Throughput = {
  perSecond: number;
  /** CPU per message of each process, microseconds. */
  cpuUs: Record<string, number>;
};

const LIMIT_MS = 300_000;
/** Runs through every process before the clock starts, so that their code is compiled. */
const WARM_UP_COUNT = 5_000;
/** Sizes in bytes of what the path writes for one request: a command and a journal entry. */
const WRITTEN_SIZES = [250, 560];

type Measured = {
  running: Record<string, Running>;
  /** Puts requests where the processes take them from. */
  fill: (count: number) => Promise<void>;
  /** Where what they write is counted, and how many records that is for each request. */
  written: { topic: string; perMessage: number };
};

/** kafkajs alone: requests in, records of the same number and size out. */
export async function measureCeiling(bench: Bench): Promise<Throughput> {
  const [source, target] = [`bench-in-${randomUUID()}`, `bench-out-${randomUUID()}`];
  const { kafkaBrokers } = bench.infrastructure;
  await createPlainTopics(kafkaBrokers, [source, target]);
  const args = [kafkaBrokers.join(","), source, target, WRITTEN_SIZES.join(",")];
  const ceiling = await startBenchProcess("ceiling-process.ts", args);
  return measure(bench, {
    running: { ceiling },
    fill: (count) => produceRequests(bench, { count, topic: source }),
    written: { topic: target, perMessage: WRITTEN_SIZES.length },
  });
}

/** The whole path: from a request that lies ready to its first command, acknowledged. */
export async function measurePath(bench: Bench): Promise<Throughput> {
  const consumer = await startService("send-request-consumer", bench.infrastructure.env);
  return measure(bench, {
    running: { "send-request-consumer": consumer },
    fill: (count) => produceRequests(bench, { count, topic: topics.sendRequests.name }),
    written: { topic: dispatchTopic("whatsapp"), perMessage: 1 },
  });
}

/** Whole lives: request, command, accepted, sent, read, outcome. */
export async function measureLives(bench: Bench): Promise<Throughput> {
  const { env, kafkaBrokers, schemaRegistryUrl } = bench.infrastructure;
  const carrierArgs = [kafkaBrokers.join(","), schemaRegistryUrl];
  const running = {
    "send-request-consumer": await startService("send-request-consumer", env),
    "status-report-consumer": await startService("status-report-consumer", env),
    "bench-carrier": await startBenchProcess("carrier-process.ts", carrierArgs),
  };
  return measure(bench, {
    running,
    fill: (count) => produceRequests(bench, { count, topic: topics.sendRequests.name }),
    written: { topic: topics.messageOutcomes.name, perMessage: 1 },
  });
}

/** Stops the processes, lays the backlog ready, lets them go, and waits for the last record. */
async function measure(bench: Bench, measured: Measured): Promise<Throughput> {
  await using stack = new AsyncDisposableStack();
  const { running, fill, written } = measured;
  for (const each of Object.values(running)) stack.use(each);
  const through = async (count: number) => {
    const before = await recordCount(bench.admin, [written.topic]);
    await signalAll(running, "SIGSTOP");
    await fill(count);
    await signalAll(running, "SIGCONT");
    const startedAt = performance.now();
    const wanted = before + count * written.perMessage;
    await untilCount(bench.admin, [written.topic], { count: wanted, limitMs: LIMIT_MS });
    return (performance.now() - startedAt) / 1_000;
  };
  await through(Math.min(WARM_UP_COUNT, bench.messageCount));
  const pids = Object.entries(running).map(([name, { pid }]) => [name, pid] as const);
  const watched = { ...bench.watched, ...Object.fromEntries(pids) };
  const { result: seconds, cpu } = await measureCpu(watched, () => through(bench.messageCount));
  return {
    perSecond: Math.round(bench.messageCount / seconds),
    cpuUs: mapValues(cpu, (ms) => Math.round((ms * 1_000) / bench.messageCount)),
  };
}

async function signalAll(running: Record<string, Running>, signal: NodeJS.Signals): Promise<void> {
  for (const { pid } of Object.values(running)) process.kill(pid, signal);
}

function mapValues<T>(of: Record<string, T>, change: (value: T) => T): Record<string, T> {
  return Object.fromEntries(Object.entries(of).map(([name, value]) => [name, change(value)]));
}
