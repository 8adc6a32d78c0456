/** Items per script: it then takes 1 to 3 ms, during which that Redis serves nobody else. */
const BATCH_COUNT_MAX = 256;

/** Runs `call` on batches of one shard each, all at once. */
export async function inBatches<Item, Result>(
  items: readonly Item[],
  shardOf: (item: Item) => number,
  call: (batch: readonly Item[], shard: number) => Promise<Result>,
): Promise<Result[]> {
  const shards = Map.groupBy(items, shardOf);
  return Promise.all(
    [...shards].flatMap(([shard, all]) => chunked(all).map((batch) => call(batch, shard))),
  );
}

function chunked<T>(items: readonly T[]): T[][] {
  const count = Math.ceil(items.length / BATCH_COUNT_MAX);
  return Array.from({ length: count }, (_, index) =>
    items.slice(index * BATCH_COUNT_MAX, (index + 1) * BATCH_COUNT_MAX),
  );
}
