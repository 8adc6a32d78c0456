// The producer's contract on a real broker, whichever client sends. What it puts into one send is proved by
// send-queue.test.ts; outage.test.ts and secured-broker.test.ts try both clients, too.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { partitionOf } from "#libs/kafka/partitioner.ts";
import { type Producer, RecordsRefusedError } from "#libs/kafka/ports.ts";
import { kafka, newTopic, rawKafka, texts } from "#test/support/kafka.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { rawRecords } from "#test/support/raw-records.ts";
import { readTopic } from "#test/support/topic-reader.ts";

const within = { timeout: 30_000, interval: 50 };
const MIB = 1024 * 1024;

describe.each(clients)("the producer of $name", ({ client }) => {
  let producer: Producer;

  beforeAll(async () => {
    producer = await connectProducer({ ...kafka, ...client });
  });
  afterAll(() => producer[Symbol.asyncDispose]());

  it("keeps the order of calls that nobody waited for", async () => {
    const topic = await newTopic();
    const calls = Array.from({ length: 500 }, (_, index) =>
      producer.publish(texts(topic, 2, { from: 2 * index })),
    );
    await Promise.all(calls);
    expect(await read(topic, 1000)).toEqual(Array.from({ length: 1000 }, (_, i) => String(i)));
  });

  it("splits a call that is larger than what a broker takes for one partition", async () => {
    const topic = await newTopic();
    const record = { topic, key: "k", value: Buffer.from(randomText(64 * 1024)) };
    await producer.publish(Array.from({ length: 50 }, () => record));
    expect(await read(topic, 50)).toHaveLength(50);
  });

  it("fails only the call with a record that is too large", async () => {
    const topic = await newTopic();
    const good = producer.publish(texts(topic, 2));
    const guilty = producer.publish([{ topic, key: "k", value: Buffer.from(randomText(3 * MIB)) }]);
    const alsoGood = producer.publish(texts(topic, 2, { from: 2 }));
    await expect(guilty).rejects.toThrow("Kafka refuses take records: MESSAGE_TOO_LARGE");
    await Promise.all([good, alsoGood]);
    expect(await read(topic, 4)).toEqual(["0", "1", "2", "3"]);
  });

  it("sends what waits before it is disposed", async () => {
    const topic = await newTopic();
    const own = await connectProducer({ ...kafka, ...client });
    const published = own.publish(texts(topic, 5));
    await own[Symbol.asyncDispose]();
    await published;
    expect(await read(topic, 5)).toHaveLength(5);
  });

  it("writes keys, values and headers as they are, empty, missing and several of one name", async () => {
    const topic = await newTopic();
    const headers = { text: "ä", bytes: Buffer.from([0, 255]), empty: "", twice: ["1", "", "2"] };
    const missing = { missing: null as unknown as string };
    await producer.publish([
      { topic, key: "clé", value: Buffer.from([0, 255, 10]), headers: { ...missing, text: "ü" } },
      { topic, key: "k", value: null },
      { topic, key: null, value: Buffer.alloc(0), headers },
    ]);
    const records = await rawRecords(topic);
    expect(records.map(({ key, value }) => [key, value])).toEqual([
      [Buffer.from("clé"), Buffer.from([0, 255, 10])],
      [Buffer.from("k"), null],
      [null, Buffer.alloc(0)],
    ]);
    expect(records.map((record) => ({ ...record.headers }))).toEqual([
      { missing: null, text: Buffer.from("ü") },
      {},
      {
        text: Buffer.from("ä"),
        bytes: Buffer.from([0, 255]),
        empty: Buffer.alloc(0),
        twice: ["1", "", "2"].map((text) => Buffer.from(text)),
      },
    ]);
  });

  it("says when a record was produced", async () => {
    const topic = await newTopic();
    const before = Date.now();
    await producer.publish(texts(topic, 2));
    const after = Date.now();
    for (const { timestamp } of await rawRecords(topic)) {
      expect(Number(timestamp)).toBeGreaterThanOrEqual(before);
      expect(Number(timestamp)).toBeLessThanOrEqual(after);
    }
  });

  it("puts a record into the partition of its key, or where it is meant for", async () => {
    const topic = await newTopic(7);
    const keys = Array.from({ length: 300 }, () => randomUUID());
    const meant = Array.from({ length: 5 }, () => ({ topic, key: "k", value: null, partition: 6 }));
    await producer.publish([...keys.map((key) => ({ topic, key, value: null })), ...meant]);
    const counts = Array.from({ length: 7 }, (_, index) => (index === 6 ? meant.length : 0));
    for (const key of keys) counts[partitionOf(Buffer.from(key), 7)]! += 1;
    expect(await endsOf(topic)).toEqual(counts);
  });

  it("compresses what it sends", async () => {
    const topic = await newTopic(1, { "max.message.bytes": "10000" });
    await producer.publish([{ topic, key: "k", value: Buffer.alloc(100_000, "compressible ") }]);
    expect(await read(topic, 1)).toHaveLength(1);
  });

  it("tells each record that is too large, in its order, and sends all others of the call", async () => {
    const [topic, other] = [await newTopic(), await newTopic()];
    const large = { topic, key: "k", value: Buffer.from(randomText(2 * MIB)) };
    const alsoLarge = { ...large, topic: other };
    const records = [...texts(topic, 1), large, ...texts(topic, 1, { from: 1 }), alsoLarge];
    const refused = await producer.publish(records).catch((error: unknown) => error);
    if (!(refused instanceof RecordsRefusedError)) throw refused;
    expect(refused.refused.map(({ record }) => record)).toEqual([large, alsoLarge]);
    expect(await read(topic, 2)).toEqual(["0", "1"]);
  });

  it("waits for a topic that is not there, and sends to it once it is", async () => {
    const topic = `later-${randomUUID()}`;
    await expect(producer.publish(texts(topic, 1))).rejects.toThrow(RetriableError);
    await createTopics(kafka, [{ name: topic, partitions: 1, replicationFactor: 1, config: {} }]);
    await vi.waitFor(() => producer.publish(texts(topic, 1)), within);
    // A try that failed may have been appended, too.
    expect((await endsOf(topic))[0]).toBeGreaterThan(0);
  });

  it("waits for a partition that is not there", async () => {
    const topic = await newTopic(2);
    const beyond = producer.publish([{ topic, key: "k", value: null, partition: 2 }]);
    await expect(beyond).rejects.toThrow(RetriableError);
    expect(await endsOf(topic)).toEqual([0, 0]);
  });
});

async function read(topic: string, count: number): Promise<string[]> {
  await using reader = await readTopic(kafka.brokers.slice(), topic);
  await vi.waitFor(() => expect(reader.records).toHaveLength(count), within);
  return reader.records.map(({ value }) => value.toString());
}

async function endsOf(topic: string): Promise<number[]> {
  const admin = rawKafka.admin();
  await admin.connect();
  try {
    const ends = await admin.fetchTopicOffsets(topic);
    return ends.toSorted((a, b) => a.partition - b.partition).map(({ high }) => Number(high));
  } finally {
    await admin.disconnect();
  }
}

/** Text that no compression makes small. */
function randomText(byteCount: number): string {
  const bytes = crypto.getRandomValues.bind(crypto);
  const parts: string[] = [];
  for (let left = byteCount; left > 0; left -= 65_536 * 2) {
    parts.push(Buffer.from(bytes(new Uint8Array(65_536))).toString("hex"));
  }
  return parts.join("").slice(0, byteCount);
}
