// Fault: the slots of a Redis Cluster of three nodes move from one to another while messages are in every phase, those
// of shards with open messages and timers and those of a channel's lanes; a master dies, and its replica takes over. Nobody
// does anything about it. Invariants: as where Redis is lost (lost-redis.test.ts).
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { dispatchKeys } from "#libs/dispatch-store/keys.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import { slotOf } from "#libs/redis/key-slot.ts";
import { expectNothingLost, loadAround } from "#test/support/nothing-lost.ts";
import { startOwnInfrastructure } from "#test/support/own-infrastructure.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type RedisCluster, startRedisCluster } from "#test/support/redis-cluster.ts";

/** 60 s become 3 s. */
const TIME_SCALE = 0.05;
/** A shard that is idle has an epoch, a counter and the like; lanes have a mark. */
const HELD_COUNT = 8;

const opened = new AsyncDisposableStack();
let product: Product;
let cluster: RedisCluster;

beforeAll(async () => {
  const infrastructure = opened.use(await startOwnInfrastructure());
  cluster = opened.use(await startRedisCluster());
  const env = { ...infrastructure.env, REDIS_URL: cluster.url };
  product = opened.use(await startProduct({ timeScale: TIME_SCALE, infrastructure: { env } }));
}, 180_000);
afterAll(() => opened.disposeAsync(), 60_000);

it.each([
  ["slots move", moveSlots],
  ["a master dies and its replica takes over", failOver],
])(
  "loses nothing and sends nothing early where %s under load",
  async (_name, fault) => {
    const accepted = await loadAround(fault, product);
    expect(accepted.length).toBeGreaterThan(250);
    await expectNothingLost(product, accepted);
  },
  600_000,
);

async function moveSlots(): Promise<void> {
  const [lanes = ""] = dispatchKeys("sms");
  for (const key of [shardKeys(3).epoch, shardKeys(7).epoch, lanes, shardKeys(12).epoch]) {
    const slot = slotOf(key);
    const owner = await cluster.ownerOf(slot);
    const heldCount = () => owner.client.cluster("COUNTKEYSINSLOT", slot);
    await vi.waitUntil(async () => (await heldCount()) > HELD_COUNT, { timeout: 30_000 });
    const to = cluster.nodes.find((node) => node !== owner)!;
    await cluster.beginMove(slot, to);
    await sleep(300);
    await cluster.endMove(slot, to);
  }
}

async function failOver(): Promise<void> {
  const slot = slotOf(shardKeys(3).epoch);
  const master = await cluster.ownerOf(slot);
  await cluster.addReplica(master);
  await master.server.kill();
  await vi.waitUntil(async () => (await cluster.ownerOf(slot)) !== master, { timeout: 60_000 });
}
