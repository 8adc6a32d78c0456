// Requests are taken and their timers armed, until the first command is acknowledged. BullMQ's jobs come from the
// process that adds them, and wait a day.
import { randomUUID } from "node:crypto";
import { Redis } from "ioredis";
import { dispatchTopic, topics } from "#libs/contracts/topics.ts";
import type { Bench } from "../bench.ts";
import {
  createPlainTopics,
  LONG_WAIT_SECONDS,
  passOver,
  produceRequests,
  requestRecord,
} from "../bench-kafka.ts";
import type { Sample } from "../figures/results.ts";
import { measureRate } from "../measure.ts";
import { jobOf, startBullmq } from "../peers/bullmq.ts";
import { usedBytes } from "../peers/peer-redis.ts";
import { startPlain } from "../peers/plain.ts";
import { startStreams } from "../peers/streams.ts";
import { startBenchProcess, startService } from "../processes.ts";
import { withRedisBytes, workOff } from "./backlog.ts";
import type { Scenario } from "./scenario.ts";

/** Sizes in bytes of what we write for one request: a command and a journal entry. */
const WRITTEN_SIZES = [250, 560];

export const take: Scenario = {
  name: "take",
  title: "take requests and arm their timers, until the command is acknowledged",
  event: "message",
  systems: { ours, "pass-through": passThrough, bullmq, plain, "kafka-streams": streams },
};

async function ours(bench: Bench): Promise<Sample> {
  const { env, cores, watched } = bench;
  const topic = topics.sendRequests.name;
  await passOver(bench, { "send-request-consumer": topic });
  const client = new Redis(bench.infrastructure.redisUrl);
  const place = { env, cores: cores?.measured };
  const sample = await workOff(bench, {
    running: { "send-request-consumer": await startService("send-request-consumer", place) },
    watched,
    fill: (count) => produceRequests(bench, { count, topic, waitSeconds: LONG_WAIT_SECONDS }),
    written: { topic: dispatchTopic("whatsapp"), perMessage: 1 },
    redis: { usedBytes: () => usedBytes(client), contentBytes: contentBytesOf(bench) },
  });
  client.disconnect();
  return sample;
}

/** kafkajs alone: requests in, records of the same number and size out. */
async function passThrough(bench: Bench): Promise<Sample> {
  const [source, target] = [`bench-in-${randomUUID()}`, `bench-out-${randomUUID()}`];
  const { kafkaBrokers } = bench.infrastructure;
  await createPlainTopics(kafkaBrokers, [source, target]);
  const args = [kafkaBrokers.join(","), source, target, WRITTEN_SIZES.join(",")];
  const place = { args, cores: bench.cores?.measured };
  const waitSeconds = LONG_WAIT_SECONDS;
  return workOff(bench, {
    running: { kafkajs: await startBenchProcess("peers/pass-through-process.ts", place) },
    watched: brokerOf(bench),
    fill: (count) => produceRequests(bench, { count, topic: source, waitSeconds }),
    written: { topic: target, perMessage: WRITTEN_SIZES.length },
  });
}

async function bullmq({ peerRedis, cores, plan }: Bench): Promise<Sample> {
  await using queue = await startBullmq(peerRedis, cores);
  const delayMs = LONG_WAIT_SECONDS * 1_000;
  const count = plan.messageCount;
  await queue.add({ count, delayMs });
  await peerRedis.empty();
  const bytesBefore = await peerRedis.usedBytes();
  const watched = { bullmq: queue.pid, redis: peerRedis.pid };
  const sample = await measureRate({ watched, eventCount: count }, () =>
    queue.add({ count, delayMs }),
  );
  const bytes = (await peerRedis.usedBytes()) - bytesBefore;
  await peerRedis.empty();
  const contentBytes = JSON.stringify(jobOf(delayMs).data).length;
  return withRedisBytes(sample, { bytes, count, contentBytes });
}

async function plain(bench: Bench): Promise<Sample> {
  const { peerRedis } = bench;
  const { service, at } = await startPlain(bench);
  const sample = await workOff(bench, {
    running: { plain: service },
    watched: { ...brokerOf(bench), redis: peerRedis.pid },
    fill: (count) => {
      return produceRequests(bench, { count, topic: at.requests, waitSeconds: LONG_WAIT_SECONDS });
    },
    written: { topic: at.commandsOf("whatsapp"), perMessage: 1 },
    redis: { usedBytes: () => peerRedis.usedBytes(), contentBytes: contentBytesOf(bench) },
  });
  await peerRedis.empty();
  return sample;
}

async function streams(bench: Bench): Promise<Sample | null> {
  if (bench.streams === null) return null;
  const app = await startStreams(bench, { classpath: bench.streams, profile: "usual" });
  const { requests: topic, commandsOf } = app.at;
  return workOff(bench, {
    running: { jvm: app.service },
    watched: brokerOf(bench),
    fill: (count) => produceRequests(bench, { count, topic, waitSeconds: LONG_WAIT_SECONDS }),
    written: { topic: commandsOf("whatsapp"), perMessage: 1 },
  });
}

/** Of a request as it lies in Redis. */
function contentBytesOf({ contracts }: Bench): number {
  return requestRecord(contracts, LONG_WAIT_SECONDS).value.length;
}

/** The broker alone of what is shared: our Redis has nothing to do then. */
export function brokerOf({ watched }: Bench): Record<string, number> {
  return watched["broker"] === undefined ? {} : { broker: watched["broker"] };
}
