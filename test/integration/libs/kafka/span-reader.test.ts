// Stretches of a topic, read by offsets and instants on the real broker.
import { setTimeout as sleep } from "node:timers/promises";
import { zstdCompressSync } from "node:zlib";
import { afterEach, expect, it, vi } from "vitest";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { openSpanReader } from "#libs/kafka/span-reader.ts";
import type { StoredRecord } from "#libs/kafka/stored-record.ts";
import { isInMemory, kafka, newTopic, rawKafka, texts } from "#test/support/kafka.ts";
import { produceBytes } from "#test/support/produce-bytes.ts";
import { rawBatch } from "#test/support/record-batch.ts";

const ZSTD = 4;

let opened = new AsyncDisposableStack();

afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

async function started(partitions = 1, config: Readonly<Record<string, string>> = {}) {
  const topic = await newTopic(partitions, config);
  const producer = opened.use(await connectProducer(kafka));
  const reader = opened.use(await openSpanReader(kafka, topic));
  return { topic, producer, reader };
}

const sockets = () =>
  process.getActiveResourcesInfo().filter((name) => name === "TCPSocketWrap").length;

const wordsOf = (records: readonly StoredRecord[]) => records.map(({ value }) => String(value));

it("reads all partitions whole, each in order, and nothing that came after the look", async () => {
  const { topic, producer, reader } = await started(5);
  const given = Array.from({ length: 5 }, (_, partition) =>
    texts(topic, 400, { from: 1_000 * partition }).map((one) => ({ ...one, partition })),
  );
  await producer.publish(given.flat());
  const spans = await reader.spansSince(0);
  await producer.publish(texts(topic, 50, { from: 9_000 }));
  const seen: StoredRecord[][] = [[], [], [], [], []];
  await reader.read(spans, async (records) => {
    for (const record of records) seen[record.partition]?.push(record);
  });
  expect(reader.partitionCount).toBe(5);
  expect(seen.map(wordsOf)).toEqual(given.map((all) => all.map(({ value }) => String(value))));
});

it("leaves no connection behind that would keep its process from ending", async () => {
  const { topic, producer } = await started(5);
  await producer.publish(
    [0, 1, 2, 3, 4].map((partition) => ({ ...texts(topic, 1)[0]!, partition })),
  );
  const before = sockets();
  const reader = await openSpanReader(kafka, topic);
  await reader.read(await reader.spansSince(0), async () => {});
  expect(sockets()).toBeGreaterThan(before);
  await reader[Symbol.asyncDispose]();
  await expect.poll(sockets).toBe(before);
});

it("begins at an instant, and has nothing of a topic that is older or empty", async () => {
  const { topic, producer, reader } = await started(2, {
    "message.timestamp.type": "LogAppendTime",
  });
  await producer.publish(texts(topic, 3).map((one) => ({ ...one, partition: 0 })));
  await sleep(50);
  const [before] = await reader.spansSince(Date.now());
  expect(before).toMatchObject({ from: 3, end: 3 });
  const sinceMs = Date.now() - 25;
  await producer.publish(texts(topic, 2, { from: 3 }).map((one) => ({ ...one, partition: 0 })));
  const seen: string[] = [];
  await reader.read(await reader.spansSince(sinceMs), async (records) => {
    seen.push(...wordsOf(records));
  });
  expect(seen).toEqual(["3", "4"]);
});

it("tells a batch that nobody can read in its place, and reads on", async () => {
  const { topic, producer, reader } = await started();
  await producer.publish(texts(topic, 2));
  // 40 MiB, where a batch may become 32.
  const records = Array.from({ length: 40 }, () => ({ value: Buffer.alloc(1024 * 1024) }));
  const bomb = rawBatch({ records, attributes: ZSTD, compress: zstdCompressSync });
  expect(await produceBytes(topic, bomb)).toBe(0);
  await producer.publish(texts(topic, 2, { from: 2 }));
  const seen: StoredRecord[] = [];
  await reader.read(await reader.spansSince(0), async (all) => void seen.push(...all));
  expect(seen.map(({ unreadable }) => unreadable === null)).toEqual([
    true,
    true,
    false,
    true,
    true,
  ]);
  expect(seen[2]?.unreadable).toContain("offsets 2 to 41");
  expect(wordsOf(seen).filter((_, index) => index !== 2)).toEqual(["0", "1", "2", "3"]);
});

it.skipIf(isInMemory)(
  "leaves out what was aborted, and what is behind a transaction that is open, for who wants what is committed",
  async () => {
    const { topic, producer } = await started();
    const transactional = rawKafka.producer({
      transactionalId: topic,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await transactional.connect();
    opened.defer(() => transactional.disconnect());
    await producer.publish(texts(topic, 1));
    for (const outcome of ["abort", "commit", "abort"] as const) {
      const transaction = await transactional.transaction();
      await transaction.send({ topic, messages: [{ key: "k", value: outcome }] });
      await transaction[outcome]();
    }
    await producer.publish(texts(topic, 1, { from: 1 }));
    const left = await transactional.transaction();
    await left.send({ topic, messages: [{ key: "k", value: "open" }] });
    await producer.publish(texts(topic, 1, { from: 2 }));
    const seenBy = async (isolation: "all" | "committed") => {
      const reader = opened.use(await openSpanReader(kafka, topic, isolation));
      const seen: string[] = [];
      await reader.read(await reader.spansSince(0), async (all) => void seen.push(...wordsOf(all)));
      return seen;
    };
    expect(await seenBy("committed")).toEqual(["0", "commit", "1"]);
    expect(await seenBy("all")).toEqual(["0", "abort", "commit", "abort", "1", "open", "2"]);
    await left.abort();
    // The coordinator answers before each partition has the mark of it.
    await vi.waitFor(
      async () => expect(await seenBy("committed")).toEqual(["0", "commit", "1", "2"]),
      { timeout: 10_000 },
    );
  },
);

it("goes on at the oldest record that is left where others were deleted meanwhile", async () => {
  const { topic, producer, reader } = await started();
  await producer.publish(texts(topic, 10));
  const spans = await reader.spansSince(0);
  const admin = rawKafka.admin();
  await admin.connect();
  opened.defer(() => admin.disconnect());
  await admin.fetchTopicMetadata({ topics: [topic] });
  await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: "6" }] });
  const seen: string[] = [];
  await reader.read(spans, async (records) => void seen.push(...wordsOf(records)));
  expect(seen).toEqual(["6", "7", "8", "9"]);
});

it("rejects with what its handler rejects with, and can be asked again", async () => {
  const { topic, producer, reader } = await started();
  await producer.publish(texts(topic, 3));
  const spans = await reader.spansSince(0);
  await expect(reader.read(spans, () => Promise.reject(new Error("no")))).rejects.toThrow("no");
  const seen: string[] = [];
  await reader.read(spans, async (records) => void seen.push(...wordsOf(records)));
  expect(seen).toEqual(["0", "1", "2"]);
});
