// Runs scripts by their hash, and brings them to a Redis that does not have them.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import type { Script } from "#libs/redis/read-script.ts";
import { errorReply, redisReply, toRedisFault } from "#libs/redis/redis-fault.ts";

export type ScriptCall = { keys: readonly string[]; args: readonly (string | Buffer)[] };

/** Loads scripts into Redis now, and again whenever the connection is ready anew. */
export async function loadScripts(
  { client, scripts }: RedisConnection,
  wanted: readonly Script[],
): Promise<void> {
  for (const script of wanted) scripts.add(script);
  await redisReply(Promise.all(wanted.map(({ source }) => client.script("LOAD", source))));
}

/**
 * Runs a script in one round trip; strings in its reply are Buffers. If Redis has forgotten the
 * script (it restarted, or was flushed), the call is made once more with the source: a call that
 * was refused so has done nothing. Throws RetriableError for faults that may pass.
 */
export async function runScript(
  { client }: RedisConnection,
  script: Script,
  { keys, args }: ScriptCall,
): Promise<unknown> {
  const rest = [String(keys.length), ...keys, ...args];
  try {
    return await client.callBuffer("EVALSHA", [script.sha, ...rest]);
  } catch (error) {
    if (!errorReply(error)?.startsWith("NOSCRIPT")) throw toRedisFault(error);
    return redisReply(client.callBuffer("EVAL", [script.source, ...rest]));
  }
}
