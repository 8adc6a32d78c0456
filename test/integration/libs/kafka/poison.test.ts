// One record that cannot be handled, wherever that shows: it is set aside, the rest goes on in order.
import * as fc from "fast-check";
import type { KafkaMessage } from "kafkajs";
import { expect, it, vi } from "vitest";
import { inStage, PoisonRecordError, RetriableError } from "#libs/errors.ts";
import { headerNames } from "#libs/kafka/headers.ts";
import { deadLetterCount } from "#libs/kafka/metrics.ts";
import type { IncomingRecord } from "#libs/kafka/ports.ts";
import { committedOffsets, newTopic, texts } from "#test/support/kafka.ts";
import { openGroup, valuesOf } from "#test/support/kafka-group.ts";
import { rawRecords } from "#test/support/raw-records.ts";

const within = { timeout: 30_000, interval: 50 };

const headerOf = (message: KafkaMessage | undefined, name: string) =>
  message?.headers?.[name]?.toString();

const record = (topic: string, value: string, key = value) => {
  return { topic, key, value: Buffer.from(value) };
};

it.concurrent("sets the one record aside that a bug hits, after three tries, and handles the others", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  const calls: string[][] = [];
  const member = await group.join(topic, (records) => {
    calls.push(valuesOf(records));
    for (const { value } of records) {
      inStage("decide", () => {
        if (value === "2") throw new TypeError("cannot read 2");
      });
    }
  });
  await producer.publish(texts(topic, 4));
  await group.untilCommitted(topic, 4);
  expect(calls).toEqual([["0", "1", "2", "3"], ["0", "1"], ["2", "3"], ["2"], ["2"], ["2"], ["3"]]);
  const [dead, ...more] = await rawRecords(`${topic}-dlt`);
  expect(more).toEqual([]);
  expect(dead!.value!.toString()).toBe("2");
  expect(headerOf(dead, headerNames.deadReason)).toBe("TypeError: cannot read 2");
  expect(headerOf(dead, headerNames.deadStage)).toBe("decide");
  expect(headerOf(dead, headerNames.deadStack)).toContain("poison.test.ts");
  expect(headerOf(dead, headerNames.deadGroup)).toBe(group.id);
  expect(headerOf(dead, headerNames.deadOffset)).toBe("2");
  expect(group.fatal).toEqual([]);
  expect(member.whyNotReady()).toEqual([
    `a record of ${topic}/0 became a dead letter: TypeError: cannot read 2`,
  ]);
  const { values } = await deadLetterCount.get();
  const counted = values.filter(({ labels }) => labels.topic === topic);
  expect(counted).toEqual([
    expect.objectContaining({ value: 1, labels: { group: group.id, topic, stage: "decide" } }),
  ]);
});

it.concurrent("does not set a record aside for a bug that passes", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  let count = 0;
  const values: string[] = [];
  await group.join(topic, (records) => {
    count += 1;
    if (count <= 3) throw new Error("a race");
    values.push(...valuesOf(records));
  });
  await producer.publish(texts(topic, 1));
  await group.untilCommitted(topic, 1);
  expect(values).toEqual(["0"]);
  expect(await rawRecords(`${topic}-dlt`)).toEqual([]);
});

it.concurrent("tries a record once that its handler calls poison", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  const calls: string[][] = [];
  await group.join(topic, (records) => {
    calls.push(valuesOf(records));
    if (records.some(({ value }) => value === "1")) throw new PoisonRecordError("It is odd.");
  });
  await producer.publish(texts(topic, 2));
  await group.untilCommitted(topic, 2);
  expect(calls).toEqual([["0", "1"], ["0"], ["1"]]);
  const [dead] = await rawRecords(`${topic}-dlt`);
  expect(headerOf(dead, headerNames.deadReason)).toBe("It is odd.");
  expect(headerOf(dead, headerNames.deadStack)).toBeUndefined();
});

it.concurrent("ends with nothing committed when a bug hits every record", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  await producer.publish(Array.from({ length: 150 }, (_, index) => record(topic, String(index))));
  await group.join(topic, () => {
    throw new TypeError("broken");
  });
  await vi.waitFor(() => expect(group.fatal).toHaveLength(1), within);
  expect(String(group.fatal[0])).toContain("Every record fails, this process is broken");
  expect(await committedOffsets(group.id, topic)).toEqual([-1]);
  expect(await rawRecords(`${topic}-dlt`)).toEqual([]);
});

it.concurrent("goes on when very many records in a row are bad but others are handled", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  const bad = Array.from({ length: 200 }, (_, index) => record(topic, `bad ${index}`));
  await producer.publish([record(topic, "first"), ...bad, record(topic, "last")]);
  const values: string[] = [];
  await group.join(topic, (records) => {
    if (records.some(({ value }) => value.startsWith("bad"))) throw new TypeError("a bug");
    values.push(...valuesOf(records));
  });
  await group.untilCommitted(topic, 202);
  expect(values).toEqual(["first", "last"]);
  expect(await rawRecords(`${topic}-dlt`)).toHaveLength(200);
  expect(group.fatal).toEqual([]);
});

it.concurrent("counts what one message fails in again and again as one", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  await producer.publish(Array.from({ length: 150 }, () => record(topic, "tick", "one message")));
  await group.join(topic, () => {
    throw new TypeError("a bug");
  });
  await group.untilCommitted(topic, 150);
  expect(group.fatal).toEqual([]);
});

it.concurrent("says why a partition stands still, and is ready again when it moves", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  let isAway = true;
  const member = await group.join(topic, () => {
    if (isAway) throw new RetriableError("Redis is away");
  });
  await vi.waitFor(() => expect(member.whyNotReady()).toEqual([]), within);
  await producer.publish(texts(topic, 3));
  await vi.waitFor(() => {
    expect(member.whyNotReady().join()).toMatch(
      new RegExp(`${topic}/0 stands still with waiting records for \\d+ s: Redis is away`),
    );
  }, within);
  isAway = false;
  await vi.waitFor(() => expect(member.whyNotReady()).toEqual([]), within);
  expect(group.fatal).toEqual([]);
});

type Kind = "good" | "poison" | "bug" | "flaky" | "no value";
const kinds: Kind[] = ["good", "poison", "bug", "flaky", "no value"];

it.concurrent("handles every good record once, in order, and sets all others aside, whatever is mixed", async () => {
  await using group = await openGroup();
  const { producer } = group;
  const topic = await newTopic();
  const handled: string[] = [];
  const triesOf = new Map<string, number>();
  await group.join(topic, (records) => {
    for (const each of records) check(each, triesOf);
    handled.push(...valuesOf(records));
  });
  let published = 0;
  const good: string[] = [];
  const bad: string[] = [];
  const mixes = fc.array(
    fc.oneof({ weight: 4, arbitrary: fc.constant<Kind>("good") }, fc.constantFrom(...kinds)),
    { minLength: 1, maxLength: 40 },
  );
  await fc.assert(
    fc.asyncProperty(mixes, async (mix) => {
      const names = mix.map((kind, index) => `${kind} ${published + index}`);
      for (const [index, kind] of mix.entries()) {
        (kind === "good" || kind === "flaky" ? good : bad).push(names[index]!);
      }
      await producer.publish(
        names.map((name) => {
          const value = name.startsWith("no value") ? null : Buffer.from(name);
          return { topic, key: name, value };
        }),
      );
      published += mix.length;
      await group.untilCommitted(topic, published);
    }),
    { numRuns: 12 },
  );
  expect(handled).toEqual(good);
  const dead = await rawRecords(`${topic}-dlt`);
  expect(dead.map(({ key }) => String(key))).toEqual(bad);
  expect(group.fatal).toEqual([]);
}, 180_000);

/** A bug hits always, or the first three times. */
function check({ value }: IncomingRecord<string>, triesOf: Map<string, number>): void {
  if (value.startsWith("bug")) throw new TypeError("a bug");
  if (!value.startsWith("flaky")) return;
  const tries = (triesOf.get(value) ?? 0) + 1;
  triesOf.set(value, tries);
  if (tries <= 2) throw new TypeError("a race");
}
