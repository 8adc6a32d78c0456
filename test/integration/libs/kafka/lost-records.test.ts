// Retention that passes a group by: what was deleted unread is never passed over in silence.
import { describe, expect, it, vi } from "vitest";
import { offsetResetCount } from "#libs/kafka/metrics.ts";
import { newTopic, rawKafka, texts } from "#test/support/kafka.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { openGroup, valuesOf } from "#test/support/kafka-group.ts";

const within = { timeout: 60_000, interval: 50 };

async function setOffset(groupId: string, topic: string, offset: string): Promise<void> {
  const admin = rawKafka.admin();
  await admin.connect();
  await admin.setOffsets({ groupId, topic, partitions: [{ partition: 0, offset }] });
  await admin.disconnect();
}

async function deleteBefore(topic: string, offset: string): Promise<void> {
  const admin = rawKafka.admin();
  await admin.connect();
  await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset }] });
  await admin.disconnect();
}

const comesAgain = { comesAgain: true } as const;

describe.each(clients)("by $name", ({ client }) => {
  it("stops a partition of which records were deleted unread, and no other, until an operator decides", async () => {
    await using group = await openGroup(client);
    const topic = await newTopic(2);
    const values: string[] = [];
    const join = () => group.join(topic, (records) => void values.push(...valuesOf(records)));
    const first = await join();
    const [own, other] = [0, 1].map((partition) => ({ topic, key: "k", partition }));
    const records = (place: object, ...words: string[]) =>
      words.map((text) => ({ ...place, topic, key: "k", value: Buffer.from(text) }));
    await group.producer.publish(records(own!, "0", "1"));
    await group.untilCommitted(topic, 2, -1);
    await first[Symbol.asyncDispose]();
    await group.producer.publish(records(own!, "2", "3", "4"));
    await deleteBefore(topic, "4");

    const second = await join();
    await group.producer.publish(records(other!, "a"));
    await group.untilCommitted(topic, 2, 1);
    await vi.waitFor(() => expect(second.whyNotReady()).toHaveLength(1), within);
    expect(second.whyNotReady()[0]).toContain(`records of ${topic}/0 were deleted`);
    expect(second.whyNotReady()[0]).toContain("--reset-offsets");
    expect(values).toEqual(["0", "1", "a"]);
    expect(group.fatal).toEqual([]);

    await second[Symbol.asyncDispose]();
    await setOffset(group.id, topic, "4");
    const third = await join();
    await group.untilCommitted(topic, 5, 1);
    expect(values).toEqual(["0", "1", "a", "4"]);
    expect(third.whyNotReady()).toEqual([]);
  });

  it("goes on at the oldest record where what was lost comes again, and tells of it", async () => {
    await using group = await openGroup(client);
    const { producer } = group;
    const topic = await newTopic();
    const values: string[] = [];
    const join = () =>
      group.join(topic, (records) => void values.push(...valuesOf(records)), comesAgain);
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
    await using group = await openGroup(client);
    const topic = await newTopic();
    const join = () => group.join(topic, () => undefined, comesAgain);
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
});
