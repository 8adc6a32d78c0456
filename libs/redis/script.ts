// Runs scripts by their hash, and brings them to a Redis that does not have them.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { tagEnd } from "#libs/redis/key-slot.ts";
import type { Script } from "#libs/redis/read-script.ts";
import { errorReply, redisReply, toRedisFault } from "#libs/redis/redis-fault.ts";

export type ScriptCall = { keys: readonly string[]; args: readonly (string | Buffer)[] };

/** Loads scripts into every node now, and again whenever one is ready anew. */
export async function loadScripts(
  redis: RedisConnection,
  wanted: readonly Script[],
): Promise<void> {
  for (const script of wanted) redis.scripts.add(script);
  const loads = redis
    .nodes()
    .flatMap((node) => wanted.map(({ source }) => node.script("LOAD", source)));
  await redisReply(Promise.all(loads));
}

/**
 * Runs a script in one round trip where its first key is; strings in its reply are Buffers. If Redis has forgotten the
 * script (it restarted, or was flushed), the call is made once more with the source: a call that
 * was refused so has done nothing. Throws RetriableError for faults that may pass.
 */
export async function runScript(
  redis: RedisConnection,
  script: Script,
  { keys, args }: ScriptCall,
): Promise<unknown> {
  // The same one for both calls: what the arguments say of a node is true of it alone.
  const node = redis.at(keys[0] ?? "");
  const rest = [String(keys.length + 1), ...keys, absentKey(keys[0] ?? ""), ...args];
  try {
    return await node.callBuffer("EVALSHA", [script.sha, ...rest]);
  } catch (error) {
    if (!errorReply(error)?.startsWith("NOSCRIPT")) throw toRedisFault(error);
    return redisReply(node.callBuffer("EVAL", [script.source, ...rest]));
  }
}

/** In the slot of `key`, where `lua/whole.lua` needs it. A key without a hash tag is alone in its script: there, itself. */
function absentKey(key: string): string {
  const end = tagEnd(key);
  return end < 0 ? key : `${key.slice(0, end + 1)}:absent`;
}
