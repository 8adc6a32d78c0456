// Members of one group on a real broker: who gets which records when members come, go and are slow.
import { describe, expect, it, vi } from "vitest";
import type { Producer } from "#libs/kafka/ports.ts";
import { newTopic, rawKafka, texts } from "#test/support/kafka.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { type Handle, openGroup, valuesOf } from "#test/support/kafka-group.ts";

const within = { timeout: 30_000, interval: 50 };

describe.each(clients)("by $name", ({ client }) => {
  it.concurrent("loses nothing while members join and leave under load", async () => {
    await using group = await openGroup(client);
    const { producer } = group;
    const topic = await newTopic(6);
    const seen: string[] = [];
    const bySecond: string[] = [];
    await group.join(topic, (records) => void seen.push(...valuesOf(records)));
    const stopping = new AbortController();
    const publishing = publishUntil(stopping.signal, topic, producer);
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(100), within);
    const second = await group.join(topic, (records) => {
      bySecond.push(...valuesOf(records));
      seen.push(...valuesOf(records));
    });
    await vi.waitFor(() => expect(bySecond.length).toBeGreaterThan(100), within);
    await second[Symbol.asyncDispose]();
    const countAtLeave = seen.length;
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(countAtLeave + 200), within);
    stopping.abort();
    const published = await publishing;
    await vi.waitFor(() => expect(new Set(seen).size).toBe(published), within);
    // Everybody commits what it handled before it lets go.
    expect(seen.length).toBe(published);
    expect(group.fatal).toEqual([]);
  });

  it.concurrent("hands a partition over in mid-batch after the records in hand, and none is lost", async () => {
    await using group = await openGroup(client);
    const { producer } = group;
    const topic = await newTopic(2);
    const seen: string[] = [];
    const slow: Handle = async (records) => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      seen.push(...valuesOf(records));
    };
    for (const partition of [0, 1]) {
      const from = partition * 3_000;
      await producer.publish(texts(topic, 3_000, { from }).map((each) => ({ ...each, partition })));
    }
    await group.join(topic, slow);
    await vi.waitFor(() => expect(seen.length).toBeGreaterThan(0), within);
    const bySecond: string[] = [];
    await group.join(topic, (records) => {
      bySecond.push(...valuesOf(records));
      seen.push(...valuesOf(records));
    });
    await vi.waitFor(() => expect(new Set(seen).size).toBe(6_000), within);
    expect(seen.length).toBe(6_000);
    // The first member let go after the chunk in hand, not after its whole batch of six chunks.
    expect(bySecond.length).toBeGreaterThan(0);
  });

  it.concurrent("is consuming as a member without any partition", async () => {
    await using group = await openGroup(client);
    const topic = await newTopic(1);
    const members = [
      await group.join(topic, () => undefined),
      await group.join(topic, () => undefined),
    ];
    await vi.waitFor(async () => {
      const admin = rawKafka.admin();
      await admin.connect();
      const { groups } = await admin.describeGroups([group.id]);
      await admin.disconnect();
      expect(groups[0]).toMatchObject({ state: "Stable", members: { length: 2 } });
    }, within);
    expect(members.map((member) => member.isConsuming())).toEqual([true, true]);
    await members[0]![Symbol.asyncDispose]();
    expect(members[0]!.isConsuming()).toBe(false);
  });

  it.concurrent("keeps its membership while a handler takes longer than the session timeout", async () => {
    await using group = await openGroup(client);
    const { producer } = group;
    const topic = await newTopic(1);
    const calls: string[][] = [];
    await group.join(topic, async (records) => {
      calls.push(valuesOf(records));
      if (calls.length === 1) await new Promise((resolve) => setTimeout(resolve, 12_000));
    });
    const standby: string[] = [];
    await producer.publish(texts(topic, 2));
    await vi.waitFor(() => expect(calls).toHaveLength(1), within);
    await group.untilCommitted(topic, 2);
    await group.join(topic, (records) => void standby.push(...valuesOf(records)));
    await producer.publish(texts(topic, 1, { from: 2 }));
    await vi.waitFor(() => expect([...calls.flat(), ...standby]).toEqual(["0", "1", "2"]), within);
    expect(group.fatal).toEqual([]);
  });
});

async function publishUntil(stop: AbortSignal, topic: string, producer: Producer): Promise<number> {
  let count = 0;
  for (; !stop.aborted; count += 20) {
    const records = texts(topic, 20, { from: count });
    await producer.publish(records.map((record, index) => ({ ...record, key: `k${index}` })));
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return count;
}
