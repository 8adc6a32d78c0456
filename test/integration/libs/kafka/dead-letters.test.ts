// Poison whose bytes are not those of a usual record: it is kept as it came, or at least told of.
import { randomBytes } from "node:crypto";
import { constants, zstdCompressSync } from "node:zlib";
import kafkajs, { type ProducerRecord } from "kafkajs";
import { expect, it } from "vitest";
import { headerNames } from "#libs/kafka/headers.ts";
import { registerZstd } from "#libs/kafka/kafkajs/zstd.ts";
import { newTopic, rawKafka } from "#test/support/kafka.ts";
import { type Group, openGroup, valuesOf } from "#test/support/kafka-group.ts";
import { rawRecords } from "#test/support/raw-records.ts";

/** Consumes the topic; returns what was handled, as it grows. */
async function startOn(group: Group, topic: string): Promise<string[]> {
  const values: string[] = [];
  await group.join(topic, (records) => void values.push(...valuesOf(records)));
  return values;
}

async function sendRaw(record: ProducerRecord): Promise<void> {
  const raw = rawKafka.producer();
  await raw.connect();
  await raw.send(record);
  await raw.disconnect();
}

it("keeps keys and headers that are no text, or not there, byte for byte", async () => {
  await using group = await openGroup();
  const topic = await newTopic();
  await startOn(group, topic);
  const key = Buffer.from([255, 254, 0]);
  const value = "poison";
  const headers = { bytes: Buffer.from([255, 0]), twice: ["a", "b"] };
  await sendRaw({ topic, messages: [{ key, value, headers }, { value }] });
  await group.untilCommitted(topic, 2);
  const dead = await rawRecords(`${topic}-dlt`);
  expect(dead.map((each) => each.key)).toEqual([key, null]);
  const twice = [Buffer.from("a"), Buffer.from("b")];
  expect(dead[0]!.headers).toMatchObject({ bytes: headers.bytes, twice });
});

it("tells of poison that is too large to be kept, keeps the rest, and goes on", async () => {
  await using group = await openGroup();
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

  const values = await startOn(group, topic);
  await group.untilCommitted(topic, 3);
  expect(values).toEqual(["good"]);
  expect(group.fatal).toEqual([]);
  const dead = await rawRecords(`${topic}-dlt`);
  expect(dead.map((each) => each.value?.toString())).toEqual(["poison", undefined]);
  const why = dead[1]!.headers!;
  expect(String(why[headerNames.deadReason])).toBe("It is poison.");
  expect(String(why[headerNames.deadMissing])).toBe("all of it: read it at its offset");
  expect(String(why[headerNames.deadOffset])).toBe("1");
});
