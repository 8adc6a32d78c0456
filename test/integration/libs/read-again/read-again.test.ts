// Topics that are read again after a restore, on the real broker and Redis, beside their groups.
import { afterEach, expect, it, vi } from "vitest";
import { RetriableError, WaitsAloneError } from "#libs/errors.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { noteReadAgain, READ_AGAIN_KEY, readAgain } from "#libs/read-again/read-again.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { kafka, newTopic, texts } from "#test/support/kafka.ts";
import { startRedisServer } from "#test/support/redis-server.ts";
import { textCodec } from "#test/support/text-codec.ts";

const PATIENCE = { timeout: 30_000, interval: 100 };
let opened = new AsyncDisposableStack();

afterEach(async () => {
  await opened.disposeAsync();
  opened = new AsyncDisposableStack();
});

async function started() {
  const topic = await newTopic(2, { "message.timestamp.type": "LogAppendTime" });
  const producer = opened.use(await connectProducer(kafka));
  const server = opened.use(await startRedisServer());
  const redis = opened.use(await connectRedis({ url: server.url, log: kafka.log }));
  const noted = () => redis.at("").hget(READ_AGAIN_KEY, topic);
  return { topic, producer, redis, noted };
}

function follow(
  { topic, redis }: Pick<Awaited<ReturnType<typeof started>>, "topic" | "redis">,
  handle: (words: string[]) => Promise<void>,
) {
  const subscription = {
    topic,
    codec: textCodec(),
    handle: (records: readonly { value: string }[]) => handle(records.map(({ value }) => value)),
  };
  return opened.use(readAgain(subscription, { redis, kafka }));
}

it("handles once more what came since the noted instant, and takes the note away", async () => {
  const { topic, producer, redis, noted } = await started();
  await producer.publish(texts(topic, 600));
  const seen: string[] = [];
  follow({ topic, redis }, async (words) => void seen.push(...words));
  await noteReadAgain(redis, { [topic]: 0, other: 5 });
  await vi.waitFor(async () => expect(await noted()).toBeNull(), PATIENCE);
  expect(seen.map(Number).toSorted((a, b) => a - b)).toEqual(
    Array.from({ length: 600 }, (_, i) => i),
  );
  expect(await redis.at("").hget(READ_AGAIN_KEY, "other")).toBe("5");
});

it("begins anew after a fault that may pass, and tells of what nobody can handle", async () => {
  using told = vi.spyOn(kafka.log, "error");
  const { topic, producer, redis, noted } = await started();
  await producer.publish(
    ["1", "odd", "2"].map((word) => ({ topic, key: "k", value: Buffer.from(word) })),
  );
  const seen: string[] = [];
  let faultsLeft = 2;
  await noteReadAgain(redis, { [topic]: 0 });
  follow({ topic, redis }, async (words) => {
    if (faultsLeft-- > 0) throw new RetriableError("a shard is closed");
    if (words.includes("odd")) throw new Error("a bug that one record meets");
    seen.push(...words);
  });
  await vi.waitFor(async () => expect(await noted()).toBeNull(), PATIENCE);
  expect(seen).toEqual(["1", "2"]);
  expect(told.mock.calls.map(([what]) => what)).toEqual([
    expect.objectContaining({ topic, offset: "1" }),
  ]);
});

it("handles the others of one that waits alone, and reads again until that one can be handled", async () => {
  const { topic, producer, redis, noted } = await started();
  await producer.publish(texts(topic, 4).map((one) => ({ ...one, partition: 0 })));
  const seen: string[] = [];
  let isKnown = false;
  await noteReadAgain(redis, { [topic]: 0 });
  follow({ topic, redis }, async (words) => {
    if (!isKnown && words.includes("1")) throw new WaitsAloneError("a newer version", "Upgrade.");
    seen.push(...words);
  });
  await vi.waitFor(() => expect(seen.slice(0, 3)).toEqual(["0", "2", "3"]), PATIENCE);
  expect(await noted()).toBe("0");
  isKnown = true;
  await vi.waitFor(async () => expect(await noted()).toBeNull(), PATIENCE);
  expect(seen).toContain("1");
});

it("an earlier instant stands, whoever notes it, also while the topic is being read", async () => {
  const { topic, producer, redis, noted } = await started();
  await producer.publish(texts(topic, 3).map((one) => ({ ...one, partition: 0 })));
  const later = Date.now() + 60_000;
  await noteReadAgain(redis, { [topic]: later });
  await noteReadAgain(redis, { [topic]: 0 });
  await noteReadAgain(redis, { [topic]: later });
  expect(await noted()).toBe("0");
  const seen: string[] = [];
  let isNoted = false;
  await redis.at("").hset(READ_AGAIN_KEY, topic, "1");
  follow({ topic, redis }, async (words) => {
    if (!isNoted) await noteReadAgain(redis, { [topic]: 0 });
    isNoted = true;
    seen.push(...words);
  });
  await vi.waitFor(async () => expect(await noted()).toBeNull(), PATIENCE);
  expect(seen).toEqual(["0", "1", "2", "0", "1", "2"]);
});
