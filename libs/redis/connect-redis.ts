// The way to Redis. Whoever asks says by the key whom: which node answers for it is known here alone.
import type { Redis } from "ioredis";
import type { RedisAccess } from "#libs/config/connections.ts";
import { type ClockWatch, watchClocks } from "#libs/redis/clock-watch.ts";
import { type Cluster, joinCluster } from "#libs/redis/cluster.ts";
import { slotOf } from "#libs/redis/key-slot.ts";
import { type MemoryWatch, watchMemory } from "#libs/redis/memory-watch.ts";
import { openNode, type RedisNode } from "#libs/redis/node.ts";
import type { Script } from "#libs/redis/read-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import type { Log } from "#libs/telemetry/log.ts";

export type RedisConnection = AsyncDisposable & {
  /**
   * Who has the key, for plain commands on it and on others of its hash tag: wrap each in `redisReply`, which tells a
   * fault that may pass from a bug. Never throws: where nobody is known to have it, whoever is asked refuses it.
   */
  at(key: string): Redis;
  /** The `run_id` of the process that `at` leads to; throws RetriableError while it is not known. */
  server(key: string): string;
  /** Items in groups of which one command or script may name the keys: of a Redis Cluster those of one slot, else all. */
  together<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item[][];
  /** Every node that has keys. */
  nodes(): readonly Redis[];
  /** Tells whenever a node is ready, or is again. */
  onReady(listener: () => void): Disposable;
  /** Loaded into each node whenever it is ready anew; `loadScripts` adds to them. */
  readonly scripts: Set<Script>;
  /** Whether there is room for new messages. */
  readonly memory: MemoryWatch;
  /** Compares Redis' clock with this process' for as long as it is connected. */
  readonly clocks: ClockWatch;
};

export type RedisConfig = RedisAccess & { url: string; log: Log };

/**
 * Connects, and reconnects for as long as it is not disposed. Throws RetriableError if Redis is not
 * ready within 10 s, and ConfigError if it refuses us, is not whom we believe, may evict keys (it
 * would drop messages without a word). Of a Redis Cluster `url` leads to any node: the others are where it says.
 */
export async function connectRedis({ url, ...config }: RedisConfig): Promise<RedisConnection> {
  await using opened = new AsyncDisposableStack();
  const scripts = new Set<Script>();
  const listeners = new Set<() => void>();
  const onReady = () => {
    for (const listener of listeners) listener();
  };
  const opening = { ...config, scripts, onReady };
  let cluster: Cluster | undefined;
  const onError = (error: Error) => cluster?.hear(error);
  const first = opened.use(openNode(url, { ...opening, onError }));
  const nodeOf = (key: string) => cluster?.nodeOf(key) ?? first;
  const nodes = () => cluster?.masters() ?? [first.client];
  const memory = opened.use(watchMemory(nodes, config.log));
  const clocks = opened.use(watchClocks(nodes, config.log));
  await first.untilReady();
  if (await isOfCluster(first)) cluster = opened.use(await joinCluster(first, url, opening));
  await memory.look();
  const resources = opened.move();
  return {
    at: (key) => nodeOf(key).client,
    server: (key) => nodeOf(key).server(),
    together: (items, keyOf) =>
      cluster ? [...Map.groupBy(items, (item) => slotOf(keyOf(item))).values()] : [[...items]],
    nodes,
    onReady(listener) {
      listeners.add(listener);
      return { [Symbol.dispose]: () => void listeners.delete(listener) };
    },
    scripts,
    memory,
    clocks,
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

async function isOfCluster({ client }: RedisNode): Promise<boolean> {
  return /^cluster_enabled:1/m.test(await redisReply(client.info("cluster")));
}
