// A topic that is read whole and followed, through faults of its handler and of the network.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { followTopic } from "#libs/kafka/follow-topic.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { brokers, kafka, newTopic, texts } from "#test/support/kafka.ts";
import { type ClientChoice, clients } from "#test/support/kafka-clients.ts";
import { startKafkaProxy } from "#test/support/kafka-proxy.ts";

let opened = new AsyncDisposableStack();
let chosen: ClientChoice = {};

afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

const onFatal = (error: unknown) => expect.fail(String(error));

async function started() {
  const topic = await newTopic();
  const producer = opened.use(await connectProducer(kafka));
  return { topic, producer };
}

/** Follows `topic`; `faults` is how often the handler fails first. */
async function follow(topic: string, via = brokers, faults = 0) {
  const seen: (string | null)[] = [];
  let left = faults;
  const follower = opened.use(
    await followTopic({
      kafka: { ...kafka, ...chosen, brokers: via },
      topic,
      onFatal,
      handle: async (records) => {
        if (left-- > 0) throw new RetriableError("not now");
        seen.push(...records.map(({ value }) => value?.toString() ?? null));
      },
    }),
  );
  return { seen, follower };
}

const publish = (producer: Producer, topic: string, from: number, count: number) =>
  producer.publish(texts(topic, count, { from }));
const upTo = (count: number) => Array.from({ length: count }, (_, i) => String(i));

describe.each(clients)("by $name", ({ client }) => {
  beforeEach(() => {
    chosen = client;
  });

  it("has caught up at once with an empty topic, and sees what comes", async () => {
    const { topic, producer } = await started();
    const { seen, follower } = await follow(topic);
    expect(await follower.caughtUp()).toBe(0);
    await publish(producer, topic, 0, 3);
    expect(await follower.caughtUp()).toBe(3);
    expect(seen).toEqual(upTo(3));
  });

  it("reads from the oldest record on, with those that delete their key", async () => {
    const { topic, producer } = await started();
    await publish(producer, topic, 0, 500);
    await producer.publish([{ topic, key: "k", value: null }]);
    const { seen, follower } = await follow(topic);
    expect(await follower.caughtUp()).toBe(501);
    expect(seen).toEqual([...upTo(500), null]);
  });

  it("hands the same records over again after a fault that may pass", async () => {
    const { topic, producer } = await started();
    await publish(producer, topic, 0, 5);
    const { seen, follower } = await follow(topic, brokers, 2);
    await follower.caughtUp();
    expect(seen).toEqual(upTo(5));
  });

  it("passes over records that a bug meets, also where a batch has no others, and tells of each", async () => {
    const { topic, producer } = await started();
    await producer.publish(
      ["odd", "odd", "good"].map((key) => ({ topic, key, value: Buffer.from(key) })),
    );
    const seen: string[] = [];
    const follower = opened.use(
      await followTopic({
        kafka: { ...kafka, ...chosen },
        topic,
        onFatal,
        handle: async (records) => {
          if (records.some(({ key }) => key === "odd")) throw new Error("a bug of ours");
          seen.push(...records.map(({ key }) => key));
        },
      }),
    );
    expect(await follower.caughtUp()).toBe(3);
    await producer.publish(["odd", "odd"].map((key) => ({ topic, key, value: Buffer.from(key) })));
    await producer.publish([{ topic, key: "next", value: Buffer.from("next") }]);
    expect(await follower.caughtUp()).toBe(6);
    expect(seen).toEqual(["good", "next"]);
  });

  it("goes on where it stood after the broker was away, handling nothing twice", async () => {
    const { topic, producer } = await started();
    const proxy = opened.use(await startKafkaProxy(brokers[0]!));
    await publish(producer, topic, 0, 5);
    const { seen, follower } = await follow(topic, [`127.0.0.1:${proxy.port}`]);
    await follower.caughtUp();
    proxy.behave({ refuse: true });
    proxy.cut();
    await publish(producer, topic, 5, 5);
    await expect(follower.caughtUp()).rejects.toThrow(RetriableError);
    proxy.behave({ refuse: false });
    await expect.poll(() => seen.length, { timeout: 30_000 }).toBe(10);
    expect(await follower.caughtUp()).toBe(10);
    expect(seen).toEqual(upTo(10));
  }, 60_000);
});
