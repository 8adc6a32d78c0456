import { type ProviderId, providerIdShard } from "#libs/provider-ids/keys.ts";

/** Items per script: it then takes 1 to 3 ms, during which that Redis serves nobody else. */
const BATCH_COUNT_MAX = 256;

/** Runs `call` on batches of one shard each, all at once; the results come in the items' order. */
export async function inBatches<Item extends ProviderId, Result>(
  items: readonly Item[],
  call: (batch: readonly Item[]) => Promise<Result[]>,
): Promise<Result[]> {
  const shards = Map.groupBy(items.entries(), ([, item]) => providerIdShard(item));
  const answered = await Promise.all(
    [...shards.values()].flatMap(chunked).map(async (batch) => {
      const results = await call(batch.map(([, item]) => item));
      return batch.map(([index], position) => ({ index, result: results[position] }));
    }),
  );
  const inOrder = answered.flat().toSorted((a, b) => a.index - b.index);
  return inOrder.map(({ result }) => {
    if (result === undefined) throw new TypeError("A batch has fewer results than items.");
    return result;
  });
}

function chunked<T>(entries: readonly T[]): T[][] {
  const count = Math.ceil(entries.length / BATCH_COUNT_MAX);
  return Array.from({ length: count }, (_, i) =>
    entries.slice(i * BATCH_COUNT_MAX, (i + 1) * BATCH_COUNT_MAX),
  );
}
