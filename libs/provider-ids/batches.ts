import { cutItems } from "#libs/cut-items.ts";
import type { Place } from "./keys.ts";

/** Items per script: it then takes 1 to 3 ms, during which that Redis serves nobody else. */
const BATCH_COUNT_MAX = 256;

/** Runs `call` on batches of one place each, all at once. */
export async function inBatches<Item extends { provider: string }, Result>(
  items: readonly Item[],
  shardOf: (item: Item) => number,
  call: (batch: readonly Item[], place: Place) => Promise<Result>,
): Promise<Result[]> {
  const shards = Map.groupBy(items, shardOf);
  return Promise.all(
    [...shards].flatMap(([shard, ofShard]) => {
      const places = Map.groupBy(ofShard, ({ provider }) => provider);
      return [...places].flatMap(([provider, all]) =>
        cutItems(all, BATCH_COUNT_MAX).map((batch) => call(batch, { shard, provider })),
      );
    }),
  );
}
