// A broker that goes away and comes back, seen through a proxy in front of the real one.
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { brokers, committedOffsets, kafka, newTopic, texts } from "#test/support/kafka.ts";
import { clients } from "#test/support/kafka-clients.ts";
import { type Handle, openGroup, valuesOf } from "#test/support/kafka-group.ts";
import { startKafkaProxy } from "#test/support/kafka-proxy.ts";
import type { TcpProxy } from "#test/support/tcp-proxy.ts";

const within = { timeout: 30_000, interval: 50 };
let opened: AsyncDisposableStack;
let proxy: TcpProxy;
const throughProxy = () => ({ ...kafka, brokers: [`127.0.0.1:${proxy.port}`] });

beforeEach(async () => {
  opened = new AsyncDisposableStack();
  proxy = opened.use(await startKafkaProxy(brokers[0]!));
});
afterEach(async () => {
  proxy.behave({ refuse: false, dropRequests: false, dropReplies: false });
  await opened.disposeAsync();
});

describe.each(clients)("the producer of $name", ({ client }) => {
  it("fails to publish within ten seconds while the broker refuses, and works again after", async () => {
    const topic = await newTopic();
    const producer = opened.use(await connectProducer({ ...throughProxy(), ...client }));
    await producer.publish(texts(topic, 1));
    proxy.behave({ refuse: true });
    proxy.cut();
    const before = Date.now();
    await expect(producer.publish(texts(topic, 1))).rejects.toThrow(RetriableError);
    expect(Date.now() - before).toBeLessThan(10_000);
    proxy.behave({ refuse: false });
    await producer.publish(texts(topic, 1));
  }, 40_000);

  it("is done with a broker that vanished within 35 s, and sends by a new connection", async () => {
    const topic = await newTopic();
    const producer = opened.use(await connectProducer({ ...throughProxy(), ...client }));
    await producer.publish(texts(topic, 1));
    proxy.freeze();
    const before = Date.now();
    // Within that time it may have come to a new connection by itself, or leave that to who calls.
    const fault = await producer.publish(texts(topic, 1)).catch((error: unknown) => error);
    expect(fault === undefined || fault instanceof RetriableError).toBe(true);
    expect(Date.now() - before).toBeLessThan(35_000);
    await producer.publish(texts(topic, 1));
  }, 60_000);
});

describe.each(clients)("a member by $name", ({ client }) => {
  it("consumes on after an outage, without loss and without an end of the process", async () => {
    const topic = await newTopic(2);
    const group = opened.use(await openGroup(client));
    const values: string[] = [];
    const keep: Handle = (records) => void values.push(...valuesOf(records));
    const member = await group.join(topic, keep, { kafka: throughProxy() });
    await group.producer.publish(texts(topic, 1));
    await vi.waitFor(() => expect(values).toEqual(["0"]), within);
    proxy.behave({ refuse: true });
    proxy.cut();
    await group.producer.publish(texts(topic, 2, { from: 1 }));
    await new Promise((resolve) => setTimeout(resolve, 3_000));
    proxy.behave({ refuse: false });
    const healed = Date.now();
    await vi.waitFor(() => expect(new Set(values)).toEqual(new Set(["0", "1", "2"])), within);
    // The member is still known: nobody waits until its former self has timed out, 10 s after the cut.
    expect(Date.now() - healed).toBeLessThan(5_500);
    await vi.waitFor(async () => {
      const offsets = await committedOffsets(group.id, topic);
      expect(Math.max(...offsets)).toBe(3);
    }, within);
    expect(group.fatal).toEqual([]);
    expect(member.isConsuming()).toBe(true);
  }, 60_000);

  it("stops while the broker is away", async () => {
    const topic = await newTopic();
    const group = opened.use(await openGroup(client));
    const member = await group.join(topic, () => undefined, { kafka: throughProxy() });
    await vi.waitFor(() => expect(member.isConsuming()).toBe(true), within);
    proxy.behave({ refuse: true });
    proxy.cut();
    await new Promise((resolve) => setTimeout(resolve, 1_000));
    const before = Date.now();
    await member[Symbol.asyncDispose]();
    expect(Date.now() - before).toBeLessThan(20_000);
    expect(group.fatal).toEqual([]);
  }, 60_000);
});
