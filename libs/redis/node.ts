// One connection to one Redis process. A command is answered, or it fails within COMMAND_TIMEOUT_MS: nothing
// waits in a queue while Redis is away, and nothing is sent a second time behind the caller's back.
// A caller that sees a RetriableError therefore knows only that its command ran once or not at all.
import type { Redis, RedisOptions } from "ioredis";
import type { RedisAccess } from "#libs/config/connections.ts";
import { ConfigError } from "#libs/config/read-env.ts";
import { loginRefusal, tlsRefusal } from "#libs/config/refused.ts";
import { RetriableError } from "#libs/errors.ts";
import { GatheringRedis } from "#libs/redis/gathering-redis.ts";
import type { Script } from "#libs/redis/read-script.ts";
import { redisReply, toRedisFault } from "#libs/redis/redis-fault.ts";
import { followServer } from "#libs/redis/server-identity.ts";
import type { Log } from "#libs/telemetry/log.ts";

export type RedisNode = Disposable & {
  readonly client: Redis;
  /** The `run_id` of the process that answers; throws RetriableError while it is not known. */
  server(): string;
  /**
   * Resolves once it can be used. Throws RetriableError if it is not ready within 10 s, and ConfigError if it refuses
   * us, is not whom we believe, or may evict keys: it would drop messages without a word.
   */
  untilReady(): Promise<void>;
};

export type Opening = RedisAccess & {
  log: Log;
  /** Loaded whenever the connection is ready anew. */
  scripts: ReadonlySet<Script>;
  /** Told whenever that is so. */
  onReady: () => void;
  /** Told of every error that Redis replies. */
  onError?: (error: Error) => void;
};

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
} satisfies RedisOptions;

/** Connects, and reconnects for as long as it is not disposed. */
export function openNode(url: string, opening: Opening): RedisNode {
  const { tls, login, log, onReady, onError } = opening;
  const reconnectOnError = (error: Error) => {
    onError?.(error);
    // After a failover the old master is a replica: only a new connection finds the new master.
    return error.message.startsWith("READONLY");
  };
  const access = { ...(tls && { tls }), ...login };
  const client = new GatheringRedis(url, { ...OPTIONS, ...access, reconnectOnError });
  const identity = followServer(client, log);
  const isReady = firstReady(client);
  let isUp = false;
  client.on("close", () => {
    if (isUp) log.warn("The Redis connection closed.");
    isUp = false;
  });
  client.on("ready", () => {
    log.info("Redis is ready.");
    isUp = true;
    void reload(client, opening);
    onReady();
  });
  return {
    client,
    server: () => identity.current(),
    async untilReady() {
      await isReady;
      await identity.known();
      await refuseEviction(client);
    },
    // Whoever uses the connection has drained by now, so there is no reply to wait for.
    [Symbol.dispose]() {
      isUp = false;
      client.disconnect();
    },
  };
}

function firstReady(client: Redis): Promise<void> {
  let lastError: Error | undefined;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const message = `Redis was not ready in ${READY_WITHIN_MS} ms.`;
  const giveUp = () => reject(new RetriableError(message, { cause: lastError }));
  const timer = setTimeout(giveUp, READY_WITHIN_MS);
  client.on("error", (error) => {
    lastError = error;
    const refusal = toRefusal(error);
    if (refusal) reject(refusal);
  });
  client.once("ready", resolve);
  promise.catch(() => undefined).finally(() => clearTimeout(timer));
  return promise;
}

const REDIS = { server: "Redis", prefix: "REDIS" };

/** What no waiting mends: Redis does not know us, or we do not know it. */
function toRefusal(error: Error): ConfigError | undefined {
  if (/^(WRONGPASS|NOAUTH|ERR AUTH)/.test(error.message)) return loginRefusal(REDIS);
  return tlsRefusal(error, REDIS);
}

async function reload(client: Redis, { scripts, log }: Opening): Promise<void> {
  try {
    await Promise.all([...scripts].map(({ source }) => client.script("LOAD", source)));
  } catch (error) {
    const fault = toRedisFault(error);
    log.warn({ err: fault }, "Scripts could not be loaded; each is sent whole with its next call.");
  }
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
