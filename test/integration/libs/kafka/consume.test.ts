// The consumer on a real broker: what it hands over, what it commits, and what it does about faults.
import kafkajs from "kafkajs";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import type { Consumer, IncomingRecord, Producer } from "#libs/kafka/ports.ts";
import {
  committedOffsets,
  isInMemory,
  kafka,
  newTopic,
  rawKafka,
  texts,
} from "#test/support/kafka.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { type Group, type Handle, openGroup, valuesOf } from "#test/support/kafka-group.ts";
import { textCodec } from "#test/support/text-codec.ts";
import { readTopic } from "#test/support/topic-reader.ts";

const within = { timeout: 30_000, interval: 50 };
const opened: AsyncDisposable[] = [];
describe.each(clients)("by $name", ({ client }) => {
  let producer: Producer;
  let group: Group;

  beforeEach(async () => {
    group = await openGroup(client);
    producer = group.producer;
    opened.push(group);
  });
  afterEach(async () => {
    for (const each of opened.splice(0)) await each[Symbol.asyncDispose]();
  });

  async function start(topic: string, handle: Handle, codec = textCodec()): Promise<Consumer> {
    return group.join(topic, handle, { codec });
  }

  it("hands over key, value, headers and place of a record as they were published", async () => {
    const topic = await newTopic();
    const records: IncomingRecord<string>[] = [];
    await start(topic, (given) => void records.push(...given));
    const headers = { traceparent: "00-1-2-01", ü: "Grüße" };
    const before = Date.now();
    await producer.publish([{ topic, key: "schlüssel", value: Buffer.from("wort"), headers }]);
    await vi.waitFor(() => expect(records).toHaveLength(1), within);
    const place = { topic, partition: 0, offset: "0", key: "schlüssel" };
    expect(records[0]).toMatchObject({ ...place, value: "wort", headers });
    expect(records[0]!.timestamp).toBeGreaterThanOrEqual(before);
  });

  it("keeps the order of each key over many records and partitions", async () => {
    const topic = await newTopic(4);
    const seen = new Map<string, string[]>();
    await start(topic, (records) => {
      for (const { key, value } of records) seen.set(key!, [...(seen.get(key!) ?? []), value]);
    });
    const keys = ["a", "b", "c", "d", "e"];
    const rounds = Array.from({ length: 20 }, (_, round) =>
      keys.flatMap((key) => texts(topic, 50, { from: round * 50, key })),
    );
    await Promise.all(rounds.map((records) => producer.publish(records)));
    const inOrder = Array.from({ length: 1000 }, (_, index) => String(index));
    await vi.waitFor(() => {
      for (const key of keys) expect(seen.get(key)).toHaveLength(1000);
    }, within);
    for (const key of keys) expect(seen.get(key)).toEqual(inOrder);
  });

  it("hands over at most 512 records at once", async () => {
    const topic = await newTopic();
    await producer.publish(texts(topic, 1500));
    const sizes: number[] = [];
    await start(topic, (records) => void sizes.push(records.length));
    await vi.waitFor(() => expect(sizes.reduce((a, b) => a + b, 0)).toBe(1500), within);
    expect(Math.max(...sizes)).toBe(512);
  });

  it("hands who is in no hurry the little that comes, too", async () => {
    const topic = await newTopic();
    const seen: string[] = [];
    const options = { isUnhurried: true };
    await group.join(topic, (given) => void seen.push(...valuesOf(given)), options);
    for (const value of ["1", "2"]) {
      await producer.publish([{ topic, key: "a", value: Buffer.from(value) }]);
    }
    await vi.waitFor(() => expect(seen).toEqual(["1", "2"]), within);
  });

  it("commits the offset after the last record that was handled", async () => {
    const topic = await newTopic(2);
    const values: string[] = [];
    await start(topic, (records) => void values.push(...valuesOf(records)));
    await producer.publish(texts(topic, 7).map((record) => ({ ...record, partition: 1 })));
    await vi.waitFor(async () => {
      expect(await committedOffsets(group.id, topic)).toEqual([-1, 7]);
    }, within);
    expect(values).toHaveLength(7);
  });

  it("commits nothing before the handler is done", async () => {
    const topic = await newTopic();
    const gate = Promise.withResolvers<void>();
    let begun = false;
    await start(topic, async () => {
      begun = true;
      await gate.promise;
    });
    await producer.publish(texts(topic, 3));
    await vi.waitFor(() => expect(begun).toBe(true), within);
    expect(await committedOffsets(group.id, topic)).toEqual([-1]);
    gate.resolve();
    await group.untilCommitted(topic, 3);
  });

  it.skipIf(isInMemory)(
    "passes aborted transactions and all markers, so that no lag is left",
    async () => {
      const topic = await newTopic();
      const values: string[] = [];
      await start(topic, (records) => void values.push(...valuesOf(records)));
      const transactional = rawKafka.producer({
        transactionalId: topic,
        idempotent: true,
        maxInFlightRequests: 1,
      });
      await transactional.connect();
      for (const outcome of ["commit", "abort"] as const) {
        const transaction = await transactional.transaction();
        await transaction.send({ topic, messages: [{ key: "k", value: outcome }] });
        await transaction[outcome]();
      }
      await transactional.disconnect();
      await group.untilCommitted(topic, 4);
      expect(values).toEqual(["commit"]);
    },
  );

  it("puts poison on the dead-letter topic, raw and with its reason, and goes on", async () => {
    const topic = await newTopic();
    const values: string[] = [];
    await start(topic, (records) => void values.push(...valuesOf(records)));
    const poison = Buffer.concat([Buffer.from("poison"), Buffer.from([0, 255, 128])]);
    await producer.publish([
      ...texts(topic, 2),
      { topic, key: "bad", value: poison, headers: { traceparent: "t" } },
      { topic, key: "empty", value: null },
      ...texts(topic, 2, { from: 2 }),
    ]);
    await group.untilCommitted(topic, 6);
    expect(values).toEqual(["0", "1", "2", "3"]);
    const dead = await readTopic(kafka.brokers.slice(), `${topic}-dlt`, rawKafka);
    opened.push(dead);
    await vi.waitFor(() => expect(dead.records).toHaveLength(2), within);
    expect(dead.records[0]).toMatchObject({
      key: "bad",
      value: poison,
      headers: {
        traceparent: "t",
        [headerNames.deadReason]: "It is poison.",
        [headerNames.deadTopic]: topic,
        [headerNames.deadPartition]: "0",
        [headerNames.deadOffset]: "2",
      },
    });
    expect(dead.records[1]!.headers[headerNames.deadReason]).toBe("The record has no value.");
    expect(group.fatal).toEqual([]);
  });

  it("hands the same records over again after a retriable fault, and buries poison once", async () => {
    const topic = await newTopic();
    const calls: string[][] = [];
    await start(topic, (records) => {
      calls.push(valuesOf(records));
      if (calls.length <= 3) throw new RetriableError("Redis is away");
    });
    const poison = { topic, key: "k", value: Buffer.from("poison") };
    await producer.publish([...texts(topic, 3), poison]);
    await group.untilCommitted(topic, 4);
    expect(calls).toEqual(Array.from({ length: 4 }, () => ["0", "1", "2"]));
    const dead = await readTopic(kafka.brokers.slice(), `${topic}-dlt`, rawKafka);
    opened.push(dead);
    await vi.waitFor(() => expect(dead.records).toHaveLength(1), within);
  });

  it("lets other partitions go on while one waits", async () => {
    const topic = await newTopic(2);
    let isAway = true;
    const handled: Record<number, string[]> = { 0: [], 1: [] };
    await start(topic, (records) => {
      const { partition } = records[0]!;
      if (partition === 0 && isAway) throw new RetriableError("away");
      handled[partition]!.push(...valuesOf(records));
    });
    await producer.publish(texts(topic, 3).map((record) => ({ ...record, partition: 0 })));
    for (let from = 0; from < 30; from += 10) {
      await producer.publish(texts(topic, 10, { from }).map((each) => ({ ...each, partition: 1 })));
      await vi.waitFor(() => expect(handled[1]).toHaveLength(from + 10), within);
    }
    expect(handled[0]).toEqual([]);
    isAway = false;
    await vi.waitFor(() => expect(handled[0]).toEqual(["0", "1", "2"]), { timeout: 30_000 });
  });

  it("waits for a registry that is away, and loses nothing", async () => {
    const topic = await newTopic();
    let asked = 0;
    const codec = textCodec(async () => {
      asked += 1;
      if (asked <= 3) throw new RetriableError("The registry is away.");
    });
    const values: string[] = [];
    await start(topic, (records) => void values.push(...valuesOf(records)), codec);
    await producer.publish(texts(topic, 5));
    await group.untilCommitted(topic, 5);
    expect(values).toEqual(["0", "1", "2", "3", "4"]);
    expect(group.fatal).toEqual([]);
  });

  it("lets the records in hand end and commits them when it is disposed", async () => {
    const topic = await newTopic();
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    const member = await start(topic, async () => {
      begun.resolve();
      await gate.promise;
    });
    await producer.publish(texts(topic, 4));
    await begun.promise;
    const disposed = member[Symbol.asyncDispose]();
    gate.resolve();
    await disposed;
    expect(await committedOffsets(group.id, topic)).toEqual([4]);
  });

  it("stops without a wait when nothing is in hand", async () => {
    const topic = await newTopic();
    const values: string[] = [];
    const member = await start(topic, (records) => void values.push(...valuesOf(records)));
    await producer.publish(texts(topic, 1));
    await vi.waitFor(() => expect(values).toEqual(["0"]), within);
    const before = Date.now();
    await member[Symbol.asyncDispose]();
    // A session's timeout is 10 s.
    expect(Date.now() - before).toBeLessThan(5_000);
  });

  it.skipIf(isInMemory)("reads batches that others compressed with gzip and zstd", async () => {
    const topic = await newTopic();
    const values: string[] = [];
    await start(topic, (records) => void values.push(...valuesOf(records)));
    const raw = rawKafka.producer();
    await raw.connect();
    for (const name of ["GZIP", "ZSTD"] as const) {
      const compression = kafkajs.CompressionTypes[name];
      await raw.send({ topic, compression, messages: [{ value: name }, { value: name }] });
    }
    await raw.disconnect();
    await vi.waitFor(() => expect(values).toEqual(["GZIP", "GZIP", "ZSTD", "ZSTD"]), within);
  });
});
