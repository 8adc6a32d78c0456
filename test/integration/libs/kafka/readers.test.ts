// What the consumer is promised by whichever client reads, where members die, vanish, or are exchanged for each other.
import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import {
  brokers,
  committedOffsets,
  groupState,
  kafka,
  newTopic,
  rawKafka,
  texts,
} from "#test/support/kafka.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { type Handle, openGroup, valuesOf } from "#test/support/kafka-group.ts";
import { startKafkaProxy } from "#test/support/kafka-proxy.ts";
import type { TcpProxy } from "#test/support/tcp-proxy.ts";

/** A client is done with a peer that is silent once a request has had its time, and a session's with its member. */
const within = { timeout: 60_000, interval: 50 };

const behind = (proxy: TcpProxy) => ({ ...kafka, brokers: [`127.0.0.1:${proxy.port}`] });

/** Has the first records that it is given in hand until its release. */
function holding() {
  const held = Promise.withResolvers<void>();
  const reached = Promise.withResolvers<void>();
  const values: string[] = [];
  const handle: Handle = async (records) => {
    reached.resolve();
    await held.promise;
    values.push(...valuesOf(records));
  };
  return { handle, values, reached: reached.promise, release: held.resolve };
}

describe.each(clients)("a member by $name", ({ client }) => {
  it.concurrent("leaves to others what it had in hand when it was cut off, and commits nothing of it", async () => {
    const topic = await newTopic();
    await using proxy = await startKafkaProxy(brokers[0]!);
    await using group = await openGroup(client);
    const first = holding();
    const member = await group.join(topic, first.handle, { kafka: behind(proxy) });
    await group.producer.publish(texts(topic, 3));
    await first.reached;
    proxy.behave({ refuse: true });
    proxy.cut();
    const values: string[] = [];
    await group.join(topic, (records) => void values.push(...valuesOf(records)));
    await group.untilCommitted(topic, 3);
    await group.producer.publish(texts(topic, 2, { from: 3 }));
    await group.untilCommitted(topic, 5);
    expect(values).toEqual(["0", "1", "2", "3", "4"]);
    proxy.behave({ refuse: false });
    first.release();
    await vi.waitFor(() => expect(member.isConsuming()).toBe(true), within);
    await vi.waitFor(async () => expect(await groupState(group.id)).toBe("Stable"), within);
    await sleep(1_000);
    expect(await committedOffsets(group.id, topic)).toEqual([5]);
    expect(first.values).toEqual(["0", "1", "2"]);
    expect(group.fatal).toEqual([]);
  }, 120_000);

  it.concurrent("goes on by new connections where the broker has vanished from the old ones", async () => {
    const topic = await newTopic(2);
    await using proxy = await startKafkaProxy(brokers[0]!);
    await using group = await openGroup(client);
    const values: string[] = [];
    const keep: Handle = (records) => void values.push(...valuesOf(records));
    const member = await group.join(topic, keep, { kafka: behind(proxy) });
    await group.producer.publish(texts(topic, 1));
    await vi.waitFor(() => expect(values).toEqual(["0"]), within);
    proxy.freeze();
    await group.producer.publish(texts(topic, 2, { from: 1 }));
    await vi.waitFor(() => expect(new Set(values)).toEqual(new Set(["0", "1", "2"])), within);
    expect(member.isConsuming()).toBe(true);
    expect(group.fatal).toEqual([]);
  }, 120_000);

  it.concurrent("stops after the chunk in hand, and whoever comes next begins behind it", async () => {
    const topic = await newTopic();
    await using group = await openGroup(client);
    await group.producer.publish(texts(topic, 1_500));
    const first = holding();
    const member = await group.join(topic, first.handle);
    await first.reached;
    const stopped = member[Symbol.asyncDispose]();
    first.release();
    await stopped;
    expect(first.values).toHaveLength(512);
    expect(await committedOffsets(group.id, topic)).toEqual([512]);
    const values: string[] = [];
    await group.join(topic, (records) => void values.push(...valuesOf(records)));
    await group.untilCommitted(topic, 1_500);
    expect(values[0]).toBe("512");
    expect(values).toHaveLength(1_500 - 512);
  }, 60_000);

  it.concurrent("reads partitions that were added, once it hears of them", async () => {
    const topic = await newTopic(1);
    await using proxy = await startKafkaProxy(brokers[0]!);
    await using group = await openGroup(client);
    const values: string[] = [];
    const keep: Handle = (records) => void values.push(...valuesOf(records));
    await group.join(topic, keep, { kafka: behind(proxy) });
    const admin = rawKafka.admin();
    await admin.connect();
    await admin.createPartitions({ topicPartitions: [{ topic, count: 3 }] });
    await admin.disconnect();
    const added = texts(topic, 1).map((record) => ({ ...record, partition: 2 }));
    await vi.waitFor(() => group.producer.publish(added), within);
    // It hears every five minutes, and after an outage.
    proxy.behave({ refuse: true });
    proxy.cut();
    await sleep(3_000);
    proxy.behave({ refuse: false });
    await vi.waitFor(() => expect(values).toContain("0"), within);
  }, 90_000);

  it.concurrent("is refused as long as there is no such topic, or no broker", async () => {
    await using group = await openGroup(client);
    const missing = group.join("no-such-topic", () => undefined);
    await expect(missing).rejects.toThrow(RetriableError);
    await expect(missing).rejects.toThrow("no-such-topic");
    const nobody = { ...kafka, brokers: ["127.0.0.1:1"] };
    const away = group.join("no-such-topic", () => undefined, { kafka: nobody });
    await expect(away).rejects.toThrow(RetriableError);
  }, 60_000);
});

function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

const pairs = clients.flatMap((one) =>
  clients.filter((other) => other !== one).map((other) => ({ one, other })),
);

it.concurrent.each(pairs)(
  "a member by $one.name and one by $other.name share partitions, and take over from each other",
  async ({ one, other }) => {
    const topic = await newTopic(4);
    await using group = await openGroup();
    const seen: Record<"first" | "second", string[]> = { first: [], second: [] };
    const keep =
      (who: "first" | "second"): Handle =>
      (records) => {
        seen[who].push(...valuesOf(records));
      };
    const publish = async (from: number) => {
      const records = texts(topic, 8, { from });
      await group.producer.publish(records.map((each, at) => ({ ...each, partition: at % 4 })));
    };
    const inAll = () => [...seen.first, ...seen.second].map(Number).toSorted((a, b) => a - b);
    const first = await group.join(topic, keep("first"), { by: one.client });
    await publish(0);
    await vi.waitFor(() => expect(seen.first).toHaveLength(8), within);
    await group.join(topic, keep("second"), { by: other.client });
    await vi.waitFor(async () => expect(await groupState(group.id)).toBe("Stable"), within);
    await publish(8);
    await vi.waitFor(() => expect(inAll()).toEqual(upTo(16)), within);
    expect(seen.first).toHaveLength(12);
    expect(seen.second).toHaveLength(4);
    await group.untilCommitted(topic, 4, 4, 4, 4);
    await first[Symbol.asyncDispose]();
    await publish(16);
    await vi.waitFor(() => expect(inAll()).toEqual(upTo(24)), within);
    await group.untilCommitted(topic, 6, 6, 6, 6);
    expect(group.fatal).toEqual([]);
  },
  90_000,
);
