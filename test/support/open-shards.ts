// Shards are opened by whoever restores them. A test that works with a store alone does it itself.
import type { Epoch } from "#libs/flow-store/epoch.ts";
import type { FlowStore, Transition } from "#libs/flow-store/ports.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { openStores, storesNow } from "#libs/redis/open-script.ts";
import { otherStores } from "#services/delay-scheduler/other-stores.ts";

/** Opens what is closed, whatever it lacks. Returns every shard's epoch, by its number. */
export async function openShards(store: FlowStore): Promise<Epoch[]> {
  const shards = await store.inspect();
  return Promise.all(
    shards.map(async (shard) =>
      shard.isOpen ? shard.epoch : store.open(shard, { counter: shard.counter, lastEpoch: "" }),
    ),
  );
}

/** Opens the stores beside the shards, as the delay-scheduler does. */
export async function openOtherStores(redis: RedisConnection): Promise<void> {
  await openStores(redis, storesNow(redis, otherStores));
}

/** No transition is too late for it, epoch ms. */
export const AT_ANY_TIME = { storeBy: 9e14 };

/** Commits in the epoch that the shard is in now. */
export async function commitNow(
  store: FlowStore,
  shard: number,
  transitions: readonly Omit<Transition, "storeBy">[],
) {
  const { epoch } = await store.load(shard, []);
  return store.commit(
    epoch,
    transitions.map((one) => ({ ...one, ...AT_ANY_TIME })),
  );
}
