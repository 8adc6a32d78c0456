// A store beside the shards may lose something while they do not: in a Redis Cluster it lies on another node than most of
// them, and whoever deletes its keys deletes its mark. What is owed to messages there comes again with a restore of their shards alone, so all of them are closed for it.
import { LOST, LOST_BESIDE } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { type OpenedStore, openStores, readMarks } from "#libs/redis/open-script.ts";

/** Before the process, in a store's mark: the shards were closed for what it has lost, and the store still is. */
const CLOSED_FOR = "closed for ";

/**
 * Closes every shard where the mark of a store names another process than has it now, once for each such process. A
 * store without a mark was emptied, by itself or with all else, so nothing of the shards' last days is taken for told.
 * Where one Redis has it all and was restarted, its shards are closed already: it tells by their epochs what it lost.
 */
export async function closeForLostStores(
  redis: RedisConnection,
  shards: Pick<FlowStore, "inspect" | "close">,
  stores: readonly OpenedStore[],
): Promise<void> {
  const found = await shards.inspect();
  const marks = await readMarks(redis, stores);
  const lost = stores.filter(({ server }, index) => !isKnown(marks[index] ?? "", server));
  if (lost.length === 0) return;
  const how = marks.includes("") ? LOST : LOST_BESIDE;
  const open = found.filter(({ isOpen, epoch }) => isOpen || (how === LOST && epoch.token !== ""));
  await Promise.all(open.map(({ epoch }) => shards.close(epoch, how)));
  await openStores(
    redis,
    lost.map(({ key, server }) => ({ key, server: CLOSED_FOR + server })),
  );
}

function isKnown(mark: string, server: string): boolean {
  return mark === server || mark === CLOSED_FOR + server;
}
