// Retention that passes a group by: what was deleted unread is told, loudly, and the rest is handled.
import { expect, it } from "vitest";
import { offsetResetCount } from "#libs/kafka/metrics.ts";
import { newTopic, rawKafka, texts } from "#test/support/kafka.ts";
import { openGroup, valuesOf } from "#test/support/kafka-group.ts";

async function deleteBefore(topic: string, offset: string): Promise<void> {
  const admin = rawKafka.admin();
  await admin.connect();
  await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  await admin.disconnect();
}

it("tells of records that were deleted before they were read, and goes on at the oldest", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  const values: string[] = [];
  const join = () => group.join(topic, (records) => void values.push(...valuesOf(records)));
  const first = await join();
  await producer.publish(texts(topic, 2));
  await group.untilCommitted(topic, 2);
  await first[Symbol.asyncDispose]();
  await producer.publish(texts(topic, 4, { from: 2 }));
  await deleteBefore(topic, "4");

  const second = await join();
  await group.untilCommitted(topic, 6);
  expect(values).toEqual(["0", "1", "4", "5"]);
  expect(second.whyNotReady()).toEqual([
    `records of ${topic}/0 were deleted before they were read; it went on at the oldest`,
  ]);
  const { values: counted } = await offsetResetCount.get();
  expect(counted.find(({ labels }) => labels.topic === topic)?.value).toBe(1);
  expect(group.fatal).toEqual([]);
});

it("commits where it goes on, also where nothing is left to be read", async () => {
  await using group = await openGroup();
  const topic = await newTopic();
  const join = () => group.join(topic, () => undefined);
  const first = await join();
  await group.producer.publish(texts(topic, 2));
  await group.untilCommitted(topic, 2);
  await first[Symbol.asyncDispose]();
  await group.producer.publish(texts(topic, 4, { from: 2 }));
  await deleteBefore(topic, "6");

  await join();
  await group.untilCommitted(topic, 6);
  expect(group.fatal).toEqual([]);
});
