// Scripts of the stores beside the flow store: claims, links, what webhooks are to be told. A Redis that
// was emptied, restarted or replaced would take a claimed command for a new one. So each store has a
// mark that names the Redis process on which it was opened, and its scripts do nothing without it.
// Whoever restores the shards sets the marks after them.
import { RetriableError } from "#libs/errors.ts";
import { readClockedScript, runClockedScript } from "#libs/redis/clocked-script.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript, type Script } from "#libs/redis/read-script.ts";
import { errorReply, redisReply } from "#libs/redis/redis-fault.ts";
import { runScript, type ScriptCall } from "#libs/redis/script.ts";

const isOpen = new URL("lua/is-open.lua", import.meta.url);

/** `readScript` for one that needs its store open; run it by `runOpenScript`. */
export function readOpenScript(...urls: URL[]): Script {
  return readScript(isOpen, ...urls);
}

/** The same for one that goes by time; run it by `runOpenClockedScript`. */
export function readOpenClockedScript(...urls: URL[]): Script {
  return readClockedScript(isOpen, ...urls);
}

/** `runScript` on an open store. Throws RetriableError, with nothing done, while it is closed. */
export async function runOpenScript(
  redis: RedisConnection,
  script: Script,
  call: ScriptCall,
): Promise<unknown> {
  return orClosed(call, runScript(redis, script, marked(redis, call)));
}

/** `runClockedScript` on an open store, likewise. */
export async function runOpenClockedScript(
  redis: RedisConnection,
  script: Script,
  call: ScriptCall,
): Promise<unknown> {
  return orClosed(call, runClockedScript(redis, script, marked(redis, call)));
}

function marked(redis: RedisConnection, { keys, args }: ScriptCall): ScriptCall {
  return { keys: [...keys, markOf(keys[0] ?? "")], args: [...args, redis.server(keys[0] ?? "")] };
}

async function orClosed({ keys }: ScriptCall, reply: Promise<unknown>): Promise<unknown> {
  try {
    return await reply;
  } catch (error) {
    if (!errorReply(error)?.startsWith("CLOSED")) throw error;
    const mark = markOf(keys[0] ?? "");
    throw new RetriableError(`Redis was emptied, restarted or replaced: ${mark} is not set yet.`);
  }
}

/** A store by one of its keys, and the process that has it. */
export type OpenedStore = { key: string; server: string };

/** The stores of these keys, one of each, with who has them now. Throws RetriableError while that is not known. */
export function storesNow(
  redis: Pick<RedisConnection, "server">,
  keys: readonly string[],
): OpenedStore[] {
  return keys.map((key) => ({ key, server: redis.server(key) }));
}

/** Opens stores, each for its `server`: on another process it stays closed. */
export async function openStores(
  redis: RedisConnection,
  stores: readonly OpenedStore[],
): Promise<void> {
  await redisReply(
    Promise.all(stores.map(({ key, server }) => redis.at(key).set(markOf(key), server))),
  );
}

/** What the marks of stores say, "" where there is none: `server` where a store is open. */
export async function readMarks(
  redis: RedisConnection,
  stores: readonly OpenedStore[],
): Promise<string[]> {
  const groups = redis.together(stores, ({ key }) => key);
  const read = groups.map(async (group) => {
    const node = redis.at(group[0]?.key ?? "");
    const marks = await redisReply(node.mget(group.map(({ key }) => markOf(key))));
    return group.map((store, index) => [store, marks[index] ?? ""] as const);
  });
  const found = new Map((await Promise.all(read)).flat());
  return stores.map((store) => found.get(store) ?? "");
}

/** One for each hash tag: on Redis Cluster it lies where its store's keys do. */
function markOf(key: string): string {
  return `${key.slice(0, key.indexOf("}") + 1)}:open`;
}
