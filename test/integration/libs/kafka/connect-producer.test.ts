// The producer on a real broker. What it puts into one send is proved by send-queue.test.ts.
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { kafka, newTopic, texts } from "#test/support/kafka.ts";
import { readTopic } from "#test/support/topic-reader.ts";

const within = { timeout: 30_000, interval: 50 };
const MIB = 1024 * 1024;
let producer: Producer;

beforeAll(async () => {
  producer = await connectProducer(kafka);
});
afterAll(() => producer[Symbol.asyncDispose]());

async function read(topic: string, count: number): Promise<string[]> {
  await using reader = await readTopic(kafka.brokers.slice(), topic);
  await vi.waitFor(() => expect(reader.records).toHaveLength(count), within);
  return reader.records.map(({ value }) => value.toString());
}

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
  const own = await connectProducer(kafka);
  const published = own.publish(texts(topic, 5));
  await own[Symbol.asyncDispose]();
  await published;
  expect(await read(topic, 5)).toHaveLength(5);
});

/** Text that no compression makes small. */
function randomText(byteCount: number): string {
  const bytes = crypto.getRandomValues.bind(crypto);
  const parts: string[] = [];
  for (let left = byteCount; left > 0; left -= 65_536 * 2) {
    parts.push(Buffer.from(bytes(new Uint8Array(65_536))).toString("hex"));
  }
  return parts.join("").slice(0, byteCount);
}
