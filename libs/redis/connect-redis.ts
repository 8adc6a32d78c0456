// One connection to Redis. A command is answered, or it fails within COMMAND_TIMEOUT_MS: nothing
// waits in a queue while Redis is away, and nothing is sent a second time behind the caller's back.
// A caller that sees a RetriableError therefore knows only that its command ran once or not at all.
import type { Redis, RedisOptions } from "ioredis";
import type { RedisAccess } from "#libs/config/connections.ts";
import { ConfigError } from "#libs/config/read-env.ts";
import { loginRefusal, tlsRefusal } from "#libs/config/refused.ts";
import { RetriableError } from "#libs/errors.ts";
import { type ClockWatch, watchClocks } from "#libs/redis/clock-watch.ts";
import { GatheringRedis } from "#libs/redis/gathering-redis.ts";
import { type MemoryWatch, watchMemory } from "#libs/redis/memory-watch.ts";
import type { Script } from "#libs/redis/read-script.ts";
import { redisReply, toRedisFault } from "#libs/redis/redis-fault.ts";
import { followServer } from "#libs/redis/server-identity.ts";
import type { Log } from "#libs/telemetry/log.ts";

export type RedisConnection = AsyncDisposable & {
  /** For plain commands: wrap each in `redisReply`, which tells a fault that may pass from a bug. */
  readonly client: Redis;
  /** The `run_id` of the Redis process that answers; throws RetriableError while it is not known. */
  server(): string;
  /** Loaded into Redis whenever the connection is ready anew; `loadScripts` adds to them. */
  readonly scripts: Set<Script>;
  /** Whether there is room for new messages. */
  readonly memory: MemoryWatch;
  /** Compares Redis' clock with this process' for as long as it is connected. */
  readonly clocks: ClockWatch;
};

export type RedisConfig = RedisAccess & { url: string; log: Log };

/** A script of 512 transitions takes 5 ms; a Redis that is silent for this long is not there. */
const COMMAND_TIMEOUT_MS = 5_000;
const READY_WITHIN_MS = 10_000;
/** Due timers must be out within 2 s after Redis is back, so the pause between attempts is short. */
const RECONNECT_PAUSE_MAX_MS = 500;

const OPTIONS = {
  // RESP2: every reply that we read has the same shape in both, and it saves the HELLO.
  protocol: 2,
  connectTimeout: 3_000,
  commandTimeout: COMMAND_TIMEOUT_MS,
  // A socket that swallows replies is closed before the commands on it time out one by one.
  socketTimeout: COMMAND_TIMEOUT_MS - 1_000,
  maxLoadingRetryTime: RECONNECT_PAUSE_MAX_MS,
  enableOfflineQueue: false,
  autoResendUnfulfilledCommands: false,
  maxRetriesPerRequest: 0,
  retryStrategy: (attemptCount) => Math.min(50 * attemptCount, RECONNECT_PAUSE_MAX_MS),
  // After a failover the old master is a replica: only a new connection finds the new master.
  reconnectOnError: (error) => error.message.startsWith("READONLY"),
} satisfies RedisOptions;

/**
 * Connects, and reconnects for as long as it is not disposed. Throws RetriableError if Redis is not
 * ready within 10 s, and ConfigError if it refuses us, is not whom we believe, may evict keys (it
 * would drop messages without a word), or is a node of a Cluster.
 */
export async function connectRedis(config: RedisConfig): Promise<RedisConnection> {
  const { tls, login } = config;
  const client = new GatheringRedis(config.url, { ...OPTIONS, ...(tls && { tls }), ...login });
  const scripts = new Set<Script>();
  const identity = followServer(client, config.log);
  const memory = watchMemory(client, config.log);
  const onLost = () => config.log.warn("The Redis connection closed.");
  const clocks = watchClocks(client, config.log);
  const connection = {
    client,
    scripts,
    server: () => identity.current(),
    memory,
    clocks,
    // Whoever uses the connection has drained by now, so there is no reply to wait for.
    async [Symbol.asyncDispose]() {
      memory[Symbol.dispose]();
      clocks[Symbol.dispose]();
      client.off("close", onLost);
      client.disconnect();
    },
  };
  client.on("close", onLost);
  client.on("ready", () => void reload(connection, config.log));
  try {
    await untilReady(client, config.log);
    await identity.known();
    await refuseCluster(client);
    await refuseEviction(client);
    await memory.look();
    return connection;
  } catch (error) {
    memory[Symbol.dispose]();
    clocks[Symbol.dispose]();
    client.disconnect();
    throw error;
  }
}

function untilReady(client: Redis, log: Log): Promise<void> {
  let lastError: Error | undefined;
  client.on("ready", () => log.info("Redis is ready."));
  return new Promise((resolve, reject) => {
    client.on("error", (error) => {
      lastError = error;
      const refusal = toRefusal(error);
      if (refusal) reject(refusal);
    });
    const giveUp = () =>
      reject(
        new RetriableError(`Redis was not ready in ${READY_WITHIN_MS} ms.`, { cause: lastError }),
      );
    const timer = setTimeout(giveUp, READY_WITHIN_MS);
    client.once("ready", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

const REDIS = { server: "Redis", prefix: "REDIS" };

/** What no waiting mends: Redis does not know us, or we do not know it. */
function toRefusal(error: Error): ConfigError | undefined {
  if (/^(WRONGPASS|NOAUTH|ERR AUTH)/.test(error.message)) return loginRefusal(REDIS);
  return tlsRefusal(error, REDIS);
}

async function reload(
  { client, scripts }: Pick<RedisConnection, "client" | "scripts">,
  log: Log,
): Promise<void> {
  try {
    await Promise.all([...scripts].map(({ source }) => client.script("LOAD", source)));
  } catch (error) {
    const fault = toRedisFault(error);
    log.warn({ err: fault }, "Scripts could not be loaded; each is sent whole with its next call.");
  }
}

/**
 * One node of several answers MOVED to most of what we ask, which may pass by itself anywhere else: we
 * would wait for ever. What a Cluster would take, ARCHITECTURE says.
 */
async function refuseCluster(client: Redis): Promise<void> {
  const cluster = await redisReply(client.info("cluster"));
  if (!/^cluster_enabled:1/m.test(cluster)) return;
  throw new ConfigError([
    "REDIS_URL: this Redis is a node of a Redis Cluster, which we do not run on; it must run with cluster-enabled no (replicas of it are welcome).",
  ]);
}

async function refuseEviction(client: Redis): Promise<void> {
  // INFO rather than CONFIG GET, which hosted Redis forbids.
  const memory = await redisReply(client.info("memory"));
  const policy = /^maxmemory_policy:(\S+)/m.exec(memory)?.[1];
  if (policy === "noeviction") return;
  throw new ConfigError([
    `REDIS_URL: the maxmemory-policy of this Redis is ${policy}; it must be noeviction, or a full Redis drops messages.`,
  ]);
}
