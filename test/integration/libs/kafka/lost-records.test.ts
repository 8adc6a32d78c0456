// Retention that passes a group by: what was deleted unread is told, loudly, and the rest is handled.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { offsetResetCount } from "#libs/kafka/metrics.ts";
import { committedOffsets, kafka, newTopic, rawKafka, texts } from "#test/support/kafka.ts";
import { newGroup, textSubscription, valuesOf } from "#test/support/kafka-group.ts";

const within = { timeout: 30_000, interval: 50 };
let opened: AsyncDisposableStack;

beforeEach(() => {
  opened = new AsyncDisposableStack();
});
afterEach(() => opened.disposeAsync());

async function deleteBefore(topic: string, offset: string): Promise<void> {
  const admin = rawKafka.admin();
  await admin.connect();
  await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  await admin.disconnect();
}

it("tells of records that were deleted before they were read, and goes on at the oldest", async () => {
  const topic = await newTopic();
  const producer = opened.use(await connectProducer(kafka));
  const group = opened.use(newGroup());
  const values: string[] = [];
  const join = () =>
    group.join([textSubscription(topic, (records) => void values.push(...valuesOf(records)))], {
      deadLetters: producer,
    });
  const first = await join();
  await producer.publish(texts(topic, 2));
  const committed = (offset: number) => async () =>
    expect(await committedOffsets(group.id, topic)).toEqual([offset]);
  await vi.waitFor(committed(2), within);
  await first[Symbol.asyncDispose]();
  await producer.publish(texts(topic, 4, { from: 2 }));
  await deleteBefore(topic, "4");

  const second = await join();
  await vi.waitFor(committed(6), within);
  expect(values).toEqual(["0", "1", "4", "5"]);
  expect(second.whyNotReady()).toEqual([
    `records of ${topic}/0 were deleted before they were read; it went on at the oldest`,
  ]);
  const { values: counted } = await offsetResetCount.get();
  expect(counted.find(({ labels }) => labels.topic === topic)?.value).toBe(1);
  expect(group.fatal).toEqual([]);
}, 60_000);
