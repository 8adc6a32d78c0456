// Poison whose bytes are not those of a usual record: it is kept as it came, or at least told of.
import { randomBytes } from "node:crypto";
import { constants, zstdCompressSync } from "node:zlib";
import kafkajs, { type ProducerRecord } from "kafkajs";
import { afterAll, afterEach, beforeAll, beforeEach, expect, it, vi } from "vitest";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { registerZstd } from "#libs/kafka/zstd.ts";
import { committedOffsets, kafka, newTopic, rawKafka } from "#test/support/kafka.ts";
import { type Group, newGroup, textSubscription, valuesOf } from "#test/support/kafka-group.ts";
import { rawRecords } from "#test/support/raw-records.ts";

const within = { timeout: 15_000, interval: 50 };
let producer: Producer;
let group: Group;

beforeAll(async () => {
  producer = await connectProducer(kafka);
});
beforeEach(() => {
  group = newGroup();
});
afterEach(() => group[Symbol.asyncDispose]());
afterAll(() => producer[Symbol.asyncDispose]());

/** Consumes the topic; returns what was handled, as it grows. */
async function startOn(topic: string): Promise<string[]> {
  const values: string[] = [];
  const handled = textSubscription(topic, (records) => void values.push(...valuesOf(records)));
  await group.join([handled], { deadLetters: producer });
  return values;
}

async function sendRaw(record: ProducerRecord): Promise<void> {
  const raw = rawKafka.producer();
  await raw.connect();
  await raw.send(record);
  await raw.disconnect();
}

async function untilCommitted(topic: string, offset: number): Promise<void> {
  const committed = async () => expect(await committedOffsets(group.id, topic)).toEqual([offset]);
  await vi.waitFor(committed, within);
}

it("keeps keys and headers that are no text, or not there, byte for byte", async () => {
  const topic = await newTopic();
  await startOn(topic);
  const key = Buffer.from([255, 254, 0]);
  const value = "poison";
  const headers = { bytes: Buffer.from([255, 0]), twice: ["a", "b"] };
  await sendRaw({ topic, messages: [{ key, value, headers }, { value }] });
  await untilCommitted(topic, 2);
  const dead = await rawRecords(`${topic}-dlt`);
  expect(dead.map((each) => each.key)).toEqual([key, null]);
  const twice = [Buffer.from("a"), Buffer.from("b")];
  expect(dead[0]!.headers).toMatchObject({ bytes: headers.bytes, twice });
});

it("tells of poison that is too large to be kept, keeps the rest, and goes on", async () => {
  const topic = await newTopic();
  // 3 MB: the best compression makes it smaller than a record may be, ours does not.
  const value = Buffer.concat([Buffer.from("poison"), ...Array(5).fill(randomBytes(600_000))]);
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  const params = { [constants.ZSTD_c_compressionLevel]: 19 };
  CompressionCodecs[CompressionTypes.ZSTD] = () => ({
    compress: async ({ buffer }: { buffer: Buffer }) => zstdCompressSync(buffer, { params }),
    decompress: async (buffer: Buffer) => buffer,
  });
  const messages = [{ value: "poison" }, { value }, { value: "good" }];
  await sendRaw({ topic, compression: CompressionTypes.ZSTD, messages });
  registerZstd();

  const values = await startOn(topic);
  await untilCommitted(topic, 3);
  expect(values).toEqual(["good"]);
  expect(group.fatal).toEqual([]);
  const dead = await rawRecords(`${topic}-dlt`);
  expect(dead.map((each) => each.value?.toString())).toEqual(["poison", undefined]);
  const why = dead[1]!.headers!;
  expect(String(why[headerNames.deadReason])).toBe("It is poison.");
  expect(String(why[headerNames.deadMissing])).toBe("all of it: read it at its offset");
  expect(String(why[headerNames.deadOffset])).toBe("1");
});
