// Restoring on real Redis beside a model of a few lines: in whatever order, in whatever pieces and however
// often the journal's records come, by however many restorers, each message ends where the newest record has
// it, and nowhere below what Redis had.
import * as fc from "fast-check";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import type { RestoredMessage } from "#libs/flow-store/closed-shards.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { messageKeys, shardKeys } from "#libs/flow-store/keys.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { encodeVersioned } from "#libs/flow-store/versioned.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { compareOrders, newestOf } from "#libs/restore/entry-order.ts";
import { type RedisServer, startRedisServer } from "#test/support/redis-server.ts";

const SHARD = 0;
const EPOCHS = ["", "000001-0000000a", "000002-0000000b", "000003-0000000c"];
const IDS = ["a", "b", "é"];
const log = pino({ level: "silent" });
let server: RedisServer;
let redis: RedisConnection;
let store: FlowStore;

beforeAll(async () => {
  server = await startRedisServer();
  redis = await connectRedis({ url: server.url, log });
});

beforeEach(async () => {
  await redis.at("").flushall();
  store = await connectFlowStore(redis, { shardCount: 1, log });
});

afterAll(async () => {
  await redis[Symbol.asyncDispose]();
  await server[Symbol.asyncDispose]();
});

type Drawn = {
  messageId: string;
  epochIndex: number;
  version: number;
  lag: number;
};
const anyRecord: fc.Arbitrary<Drawn> = fc.record({
  messageId: fc.constantFrom(...IDS),
  epochIndex: fc.nat({ max: EPOCHS.length - 1 }),
  version: fc.integer({ min: 1, max: 5 }),
  lag: fc.nat({ max: 1 }),
});
const anyHistory = fc.record({
  records: fc.array(anyRecord, { minLength: 1, maxLength: 12 }),
  order: fc.infiniteStream(fc.nat()),
  /** What Redis holds of each message, in the shard's own epoch; null: the shard is empty. */
  kept: fc.option(
    fc.record({
      epochIndex: fc.integer({ min: 1, max: 3 }),
      versions: fc.tuple(...IDS.map(() => fc.option(fc.integer({ min: 1, max: 5 })))),
    }),
  ),
});

it("each message ends at the newest of its records, or above, whatever the order", async () => {
  await fc.assert(
    fc.asyncProperty(anyHistory, async ({ records, order, kept }) => {
      await redis.at("").flushall();
      const token = kept ? `${EPOCHS[kept.epochIndex]} an-older-process` : "";
      if (kept) await redis.at("").set(shardKeys(SHARD).epoch, token);
      for (const [index, version] of (kept?.versions ?? []).entries()) {
        if (version === null) continue;
        const [key] = messageKeys(SHARD, [IDS[index]!]);
        await redis.at("").set(key!, encodeVersioned(version, Buffer.from("kept")));
      }
      const all = records.map(toMessage);
      const twice = [...all, ...all].toSorted(() => ((order.next().value ?? 0) % 3) - 1);
      const closed = { shard: SHARD, token };
      for (let from = 0; from < twice.length; ) {
        const size = 1 + ((order.next().value ?? 0) % 4);
        const chunk = newestOf(twice.slice(from, from + size).map(withOrder)).map(({ one }) => one);
        await Promise.all([store.restore(closed, chunk), store.restore(closed, chunk)]);
        from += size;
      }
      const [stored, timers] = await Promise.all([states(), dueTimes()]);
      for (const [index, messageId] of IDS.entries()) {
        const keptVersion = kept?.versions[index] ?? null;
        const own = all.filter((one) => one.messageId === messageId);
        const expected = expectedOf(own, {
          version: keptVersion,
          epoch: EPOCHS[kept?.epochIndex ?? 0]!,
        });
        expect(stored.get(messageId)).toEqual(expected.state);
        const dueAt = timers.get(messageId) ?? null;
        expect(dueAt).toBe(expected.dueAt === undefined ? dueAt : expected.dueAt);
      }
      const counter = Number((await redis.at("").get(shardKeys(SHARD).counter)) ?? 0);
      expect(counter).toBe(Math.max(...all.map((one) => one.counter)));
    }),
    { numRuns: 150 },
  );
});

it("a restorer that comes after the opening writes nothing", async () => {
  const [found] = await store.inspect();
  const { epoch: closed } = found!;
  const message = toMessage({ messageId: "a", epochIndex: 1, version: 2, lag: 0 });
  expect(await store.restore(closed, [message])).toBe(1);
  await store.open(found!, { counter: message.counter, lastEpoch: message.epoch });
  const before = [...(await states())];
  await expect(store.restore(closed, [{ ...message, version: 9 }])).rejects.toThrow("opened anew");
  expect([...(await states())]).toEqual(before);
  const [shard] = await store.inspect();
  expect(shard).toMatchObject({ isOpen: true, counter: message.counter });
  expect(shard!.epoch.token > `${message.epoch} `).toBe(true);
});

/** Within an epoch a later version has a later counter; published again, the same state has a later counter too. */
function toMessage({ messageId, epochIndex, version, lag }: Drawn): RestoredMessage {
  const epoch = EPOCHS[epochIndex]!;
  const counter = epochIndex === 0 ? 0 : 100 * epochIndex + 2 * version + lag;
  const state = Buffer.from(`${epoch}/${version}`);
  const isOpen = (epochIndex + version) % 2 === 0;
  const keepMs = isOpen ? null : 3_600_000;
  const dueAt = keepMs === null ? 1_000_000 * epochIndex + version : null;
  return { messageId, epoch, counter, version, state, dueAt, keepMs };
}

function withOrder(one: RestoredMessage) {
  const { epoch, counter, version } = one;
  return { messageId: one.messageId, order: { epoch, counter, version }, one };
}

function expectedOf(
  records: readonly RestoredMessage[],
  kept: { version: number | null; epoch: string },
): { state: string | undefined; dueAt?: number | null } {
  const newest = records.toSorted((a, b) => compareOrders(b, a))[0];
  const stays = kept.version === null ? undefined : { state: `${kept.version}:kept` };
  if (!newest) return stays ?? { state: undefined, dueAt: null };
  const isLater = newest.epoch > kept.epoch;
  const isSame = newest.epoch === kept.epoch && newest.version > (kept.version ?? 0);
  if (stays && !isLater && !isSame) return stays;
  return { state: `${newest.version}:${newest.state.toString()}`, dueAt: newest.dueAt };
}

async function states(): Promise<Map<string, string>> {
  const values = await redis.at("").mgetBuffer(messageKeys(SHARD, IDS));
  const found = new Map<string, string>();
  for (const [index, id] of IDS.entries()) {
    const value = values[index];
    if (value) found.set(id, `${value.readUInt32BE()}:${value.subarray(4).toString()}`);
  }
  return found;
}

async function dueTimes(): Promise<Map<string, number>> {
  const flat = await redis
    .at("")
    .zrangebyscore(shardKeys(SHARD).timers, "-inf", "+inf", "WITHSCORES");
  const due = new Map<string, number>();
  for (let i = 0; i < flat.length; i += 2) due.set(String(flat[i]), Number(flat[i + 1]));
  return due;
}
