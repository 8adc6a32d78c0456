// Records as no client of ours would write them, on a real broker: they are read, or set aside, and
// whatever they are, the next good one is handled.
import { gzipSync, zstdCompressSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { headerNames } from "#libs/kafka/headers.ts";
import type { Consumer, IncomingRecord, Producer } from "#libs/kafka/ports.ts";
import { foreignCodecs } from "#test/support/foreign-codecs.ts";
import { brokers, kafka, newTopic, texts } from "#test/support/kafka.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { type Group, openGroup } from "#test/support/kafka-group.ts";
import { startKafkaProxy } from "#test/support/kafka-proxy.ts";
import { produceBytes } from "#test/support/produce-bytes.ts";
import { rawRecords } from "#test/support/raw-records.ts";
import { type RawRecord, rawBatch } from "#test/support/record-batch.ts";

const GZIP = 1;
const ZSTD = 4;
describe.each(clients)("by $name", ({ client }) => {
  let producer: Producer;
  let group: Group;

  beforeEach(async () => {
    group = await openGroup(client);
    producer = group.producer;
  });
  afterEach(() => group[Symbol.asyncDispose]());

  let handled: IncomingRecord<string>[];
  let member: Consumer;

  async function start(topic: string, through = kafka): Promise<void> {
    handled = [];
    member = await group.join(topic, (records) => void handled.push(...records), {
      kafka: through,
    });
  }

  /** Appends a good record, waits until everything is committed; returns the dead letters. */
  async function passed(topic: string, count: number) {
    await producer.publish(texts(topic, 1, { from: 99 }));
    await group.untilCommitted(topic, count + 1);
    expect(handled.at(-1)!.value).toBe("99");
    expect(group.fatal).toEqual([]);
    return rawRecords(`${topic}-dlt`);
  }

  const headers = [
    ["none", null],
    ["twice", null],
    ["twice", "2"],
    ["__proto__", "p"],
    ["constructor", "c"],
    ["", "nameless"],
    [Buffer.from([0xff, 0xfe]), Buffer.from([0x00, 0xff])],
  ] as const;

  it("reads a header without a value as not there, and takes any name and bytes", async () => {
    const topic = await newTopic();
    await start(topic);
    expect(await produceBytes(topic, rawBatch({ records: [{ value: "1", headers }] }))).toBe(0);
    expect(await passed(topic, 1)).toEqual([]);
    expect(handled[0]!.value).toBe("1");
    const given = new Map(Object.entries(handled[0]!.headers));
    expect(given.has("none")).toBe(false);
    expect(given.get("twice")).toBe("2");
    expect(given.get("__proto__")).toBe("p");
    expect(given.get("")).toBe("nameless");
  });

  it("sets a record aside that nobody can read, whatever its headers are", async () => {
    const topic = await newTopic();
    await start(topic);
    expect(await produceBytes(topic, rawBatch({ records: [{ value: "poison", headers }] }))).toBe(
      0,
    );
    const [dead, ...more] = await passed(topic, 1);
    expect(more).toEqual([]);
    expect(dead!.value!.toString()).toBe("poison");
    expect(dead!.headers).toMatchObject({ twice: Buffer.from("2"), "": Buffer.from("nameless") });
    expect(Object.hasOwn(dead!.headers!, "none")).toBe(false);
    expect(String(dead!.headers![headerNames.deadReason])).toBe("It is poison.");
  });

  const many: RawRecord["headers"] = Array.from({ length: 200_000 }, () => ["h", null] as const);
  const large: RawRecord["headers"] = [["h", "x".repeat(1_000_000)]];

  it.each([
    ["200,000 headers", { value: "poison", headers: many }],
    ["a header of a megabyte", { value: "poison", headers: large }],
    ["no key and no value", { key: null, value: null }],
    ["an empty key and an empty value", { key: "", value: "" }],
    ["a key that is no text", { key: Buffer.from([0xff, 0x00]), value: "poison" }],
  ])("goes on after a record with %s", async (_name, record) => {
    const topic = await newTopic();
    await start(topic);
    expect(await produceBytes(topic, rawBatch({ records: [record] }))).toBe(0);
    const dead = await passed(topic, 1);
    // At least once: on a slow broker the same may come again.
    const offsets = [
      ...handled.map(({ offset }) => offset),
      ...dead.map((letter) => String(letter.headers![headerNames.deadOffset])),
    ];
    expect([...new Set(offsets)]).toHaveLength(2);
  });

  it("writes a dead letter with less and less of the record, until it fits", async () => {
    const topic = await newTopic();
    // The dead-letter topic takes 1 MiB; the record and what is said of it are more.
    const value = Buffer.concat([Buffer.from("poison"), Buffer.alloc(400_000, "v")]);
    const noise = Array.from({ length: 900_000 }, () => Math.floor(Math.random() * 256));
    const records = [{ value, headers: [["h", Buffer.from(noise)] as const] }];
    await start(topic);
    const batch = rawBatch({ records, attributes: ZSTD, compress: zstdCompressSync });
    expect(await produceBytes(topic, batch)).toBe(0);
    const [dead] = await passed(topic, 1);
    expect(String(dead!.headers![headerNames.deadReason])).toBe("It is poison.");
    expect(dead!.headers![headerNames.deadOffset]?.toString()).toBe("0");
  });

  it("sets a batch aside that becomes more than it may, in bounded memory", async () => {
    const topic = await newTopic();
    await start(topic);
    const records = [{ value: Buffer.alloc(100 * 1024 * 1024) }];
    const batch = rawBatch({ records, attributes: ZSTD, compress: zstdCompressSync });
    expect(batch.length).toBeLessThan(20_000);
    expect(await produceBytes(topic, batch)).toBe(0);
    const before = process.memoryUsage().rss;
    const [dead] = await passed(topic, 1);
    expect(process.memoryUsage().rss - before).toBeLessThan(120 * 1024 * 1024);
    const why = dead!.headers!;
    expect(String(why[headerNames.deadReason])).toContain("offsets 0 to 0");
    expect(String(why[headerNames.deadReason])).toContain("becomes more than");
    expect(String(why[headerNames.deadStage])).toBe("read");
    // The batch itself is kept, so that a person can have a look.
    expect(dead!.value!.length).toBe(batch.length);
  });

  it("reads the records of others' batches, compressed with gzip or zstd", async () => {
    const topic = await newTopic();
    await start(topic);
    const two = { records: [{ value: "1" }, { value: "2" }] };
    const compressed = [
      rawBatch({ ...two, attributes: GZIP, compress: gzipSync }),
      rawBatch({ ...two, attributes: ZSTD, compress: zstdCompressSync }),
    ];
    for (const batch of compressed) expect(await produceBytes(topic, batch)).toBe(0);
    expect(await passed(topic, 4)).toEqual([]);
    expect(handled.map(({ value }) => value)).toEqual(["1", "2", "1", "2", "99"]);
  });

  it.each(["lz4", "snappy"] as const)(
    "sets a batch aside that is compressed with %s on a topic that leaves it so",
    async (name) => {
      const { number: attributes, compress } = foreignCodecs[name];
      const topic = await newTopic();
      await start(topic);
      const records = [{ value: "1" }, { value: "2" }];
      expect(await produceBytes(topic, rawBatch({ records, attributes, compress }))).toBe(0);
      const [dead, ...more] = await passed(topic, 2);
      expect(more).toEqual([]);
      const why = dead!.headers!;
      expect(String(why[headerNames.deadReason])).toContain(`compressed with ${name}`);
      expect(String(why[headerNames.deadOffset])).toBe("0");
      expect(String(why[headerNames.deadLastOffset])).toBe("1");
    },
  );

  it.each(["lz4", "snappy"] as const)(
    "reads what was sent with %s where the topic has its own compression",
    async (name) => {
      const { number: attributes, compress } = foreignCodecs[name];
      const topic = await newTopic(1, { "compression.type": "zstd" });
      await start(topic);
      const records = [{ value: "1" }, { value: "2" }];
      expect(await produceBytes(topic, rawBatch({ records, attributes, compress }))).toBe(0);
      expect(await passed(topic, 2)).toEqual([]);
    },
  );

  it("sets a batch aside that was damaged on its way, and says so", async () => {
    const topic = await newTopic();
    await using proxy = await startKafkaProxy(brokers[0]!, damaged);
    await start(topic, { ...kafka, brokers: [`127.0.0.1:${proxy.port}`] });
    await producer.publish([{ topic, key: "k", value: Buffer.from("to be DAMAGED") }]);
    await producer.publish(texts(topic, 1));
    expect(await passed(topic, 2)).toHaveLength(1);
    expect(member.whyNotReady().join()).toContain("its checksum is wrong");
  });
});

function damaged(chunk: Buffer): Buffer {
  const copy = Buffer.from(chunk);
  const at = copy.indexOf("DAMAGED");
  if (at !== -1) copy[at] = 0x64;
  return copy;
}
