// Lag and its watchdog on a real broker.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { consumerHealth } from "#libs/kafka/consumer-health.ts";
import { watchLag } from "#libs/kafka/lag-watch.ts";
import { lag } from "#libs/kafka/metrics.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { kafka, newTopic, texts } from "#test/support/kafka.ts";
import { type Group, openGroup } from "#test/support/kafka-group.ts";

const within = { timeout: 30_000, interval: 50 };
const standstillMs = 1_500;
let producer: Producer;
let group: Group;
let opened: AsyncDisposableStack;

beforeEach(async () => {
  opened = new AsyncDisposableStack();
  group = opened.use(await openGroup());
  producer = group.producer;
});
afterEach(() => opened.disposeAsync());

async function watch(topic: string, partitions: number[]) {
  const fatal: unknown[] = [];
  const onFatal = (error: unknown) => void fatal.push(error);
  const assigned = () => ({ [topic]: partitions });
  const health = consumerHealth();
  const rest = { kafka, groupId: group.id, topics: [topic], health, log: kafka.log, onFatal };
  const watching = opened.use(await watchLag({ ...rest, assigned, standstillMs }));
  return { watching, fatal };
}

async function lagOf(topic: string): Promise<Record<string, number>> {
  const { values } = await lag.get();
  const own = values.filter(({ labels }) => labels["topic"] === topic);
  return Object.fromEntries(own.map(({ labels, value }) => [String(labels["partition"]), value]));
}

async function publishTo(topic: string, partition: number, count: number): Promise<void> {
  await producer.publish(texts(topic, count).map((record) => ({ ...record, partition })));
}

it("exports how many records of the member's own partitions wait", async () => {
  const topic = await newTopic(3);
  await publishTo(topic, 0, 5);
  await publishTo(topic, 1, 2);
  await publishTo(topic, 2, 9);
  await watch(topic, [0, 1]);
  await vi.waitFor(async () => expect(await lagOf(topic)).toEqual({ 0: 5, 1: 2 }), within);
});

it("counts from the committed offset", async () => {
  const topic = await newTopic(1);
  const member = await group.join(topic, () => undefined);
  await publishTo(topic, 0, 5);
  await group.untilCommitted(topic, 5);
  await member[Symbol.asyncDispose]();
  await publishTo(topic, 0, 3);
  await watch(topic, [0]);
  await vi.waitFor(async () => expect(await lagOf(topic)).toEqual({ 0: 3 }), within);
});

it("ends a member that stands still while its records wait", async () => {
  const topic = await newTopic(1);
  await publishTo(topic, 0, 1);
  const { fatal } = await watch(topic, [0]);
  await vi.waitFor(() => expect(fatal).toHaveLength(1), within);
  expect(String(fatal[0])).toContain(`stands still on ${topic}/0 while records wait`);
});

it("lets a member live that makes progress", async () => {
  const topic = await newTopic(1);
  await publishTo(topic, 0, 1);
  const { watching, fatal } = await watch(topic, [0]);
  const progressing = setInterval(() => watching.onProgress(topic, 0), 50);
  await new Promise((resolve) => setTimeout(resolve, 2 * standstillMs));
  clearInterval(progressing);
  expect(fatal).toEqual([]);
});

it("ends a member of which one partition stands still while others make progress", async () => {
  const topic = await newTopic(2);
  await publishTo(topic, 0, 1);
  await publishTo(topic, 1, 1);
  const { watching, fatal } = await watch(topic, [0, 1]);
  const progressing = setInterval(() => watching.onProgress(topic, 0), 50);
  await vi.waitFor(() => expect(fatal).toHaveLength(1), within);
  clearInterval(progressing);
  expect(String(fatal[0])).toContain(`stands still on ${topic}/1 while records wait`);
});

it("lets a member live that has nothing to do, whatever waits for others", async () => {
  const topic = await newTopic(2);
  await publishTo(topic, 0, 5);
  const { fatal } = await watch(topic, [1]);
  await new Promise((resolve) => setTimeout(resolve, 2 * standstillMs));
  expect(fatal).toEqual([]);
});
