// Who may work on a shard. Redis may come back without its last writes, or empty: then what is stored
// does not name the process that answers, and everybody is refused until the shard is opened. Should it
// lose writes without a restart (somebody put old values back), a counter below one that was seen tells
// it, and fewer timers than were noted that somebody has deleted those; whoever sees that closes the shard
// for all, and nobody but a restore opens it again.
import { unlessOdd } from "#libs/flow-store/drop-odd.ts";
import { type Epoch, epochName, isEarlier, LOST } from "#libs/flow-store/epoch.ts";
import { shardKeys } from "#libs/flow-store/keys.ts";
import { ShardClosedError } from "#libs/flow-store/shard-closed.ts";
import { runClockedScript } from "#libs/redis/clocked-script.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript, type Script } from "#libs/redis/read-script.ts";
import { errorReply } from "#libs/redis/redis-fault.ts";
import { runScript, type ScriptCall } from "#libs/redis/script.ts";
import type { Log } from "#libs/telemetry/log.ts";

/** A shard's script, behind the one that refuses another epoch than the caller's, and lost writes. */
export function shardScriptUrls(...names: string[]): URL[] {
  return ["epoch", ...names].map((file) => new URL(`lua/${file}.lua`, import.meta.url));
}

export const shardScript = (...names: string[]): Script => readScript(...shardScriptUrls(...names));

export const closeScript = shardScript("close");

/** The epoch that a script was refused for, as it is stored; null for another error. */
export function storedEpoch(error: unknown): string | null {
  return /^EPOCH (.*)$/s.exec(errorReply(error) ?? "")?.[1] ?? null;
}

/** What is told of a loss, with the numbers that show it. */
type Told = {
  what: "writes" | "timers";
  seenCounter?: number;
  storedCounter?: number;
  notedCount?: number;
  foundCount?: number;
};

/** What a script says that has missed something, with the epoch as it is stored; null for another error. */
function lossIn(error: unknown, seenCounter: number): { token: string; told: Told } | null {
  const reply = errorReply(error) ?? "";
  const [, storedCounter, ofWrites] = /^LOSTWRITES (\d+) (.*)$/s.exec(reply) ?? [];
  if (ofWrites !== undefined) {
    const counters = { seenCounter, storedCounter: Number(storedCounter) };
    return { token: ofWrites, told: { what: "writes", ...counters } };
  }
  const [, noted, found, ofTimers] = /^LOSTTIMERS (\d+) (\d+) (.*)$/s.exec(reply) ?? [];
  if (ofTimers === undefined) return null;
  const counts = { notedCount: Number(noted), foundCount: Number(found) };
  return { token: ofTimers, told: { what: "timers", ...counts } };
}

type Seen = { token: string; counter: number };

export type EpochGuard = {
  /** How a stored epoch ends whose shard is open here; the whole of it for a restorer. */
  ending(shard: number): string;
  /** Read it when a call is sent: a reply can only be behind what was seen before that. */
  seen(shard: number): Seen;
  /** Whether a call was answered, since, by another process, or in what is no earlier epoch. */
  isPast(epoch: Epoch): boolean;
  /** When the last call was sent that was answered in this epoch, by `performance.now()`; -Infinity: none was. */
  heardAt(epoch: Epoch): number;
  /**
   * Notes what a call found, a counter or none. Throws ShardClosedError if the shard is closed, and closes it if it lost
   * writes, or its counter.
   */
  note(epoch: Epoch, found: number | null, before: Seen): Promise<void>;
  /** Runs a script of a shard for `epoch`, or to begin with for whichever is open. */
  call(epoch: Epoch | { shard: number }, script: Script, call: ShardCall): Promise<unknown>;
  /** See `unlessOdd`. */
  unlessOdd<Reply>(shard: number, reply: Promise<Reply>): Promise<Reply>;
};

/** Without the keys and arguments of `epoch.lua`. `nowMs`: of a script that goes by time. */
type ShardCall = ScriptCall & { nowMs?: number };
type Guarding = { redis: RedisConnection; shardCount: number; log: Log };

/** `closed`: the only epoch that is worked on, instead of the open ones; a restorer's. */
export function createEpochGuard({ redis, shardCount, log }: Guarding, closed?: Epoch): EpochGuard {
  const highest = Array.from({ length: shardCount }, (): Seen => ({ token: "", counter: 0 }));
  /** What was stored as a shard's epoch when a call was last answered. */
  const stored = new Map<number, string>();
  const heard = lastHeard();

  const seen = (shard: number) => seenOf(shard, highest);

  function ending(shard: number): string {
    return closed?.shard === shard ? closed.token : ` ${redis.server(shardKeys(shard).epoch)}`;
  }

  function isWorkedOn({ shard, token }: Epoch): boolean {
    return closed?.shard === shard ? token === closed.token : token.endsWith(ending(shard));
  }

  async function lose({ shard, token }: Epoch, { what, ...told }: Told): Promise<never> {
    log.error({ shard, ...told }, `Redis has lost ${what} of a shard; it is closed`);
    stored.set(shard, `${epochName({ token })} ${LOST}`);
    await closeLost({ shard, token }, { redis, log });
    throw new ShardClosedError(shard, `${epochName({ token })} ${LOST}`);
  }

  return {
    ending,
    seen,
    isPast({ shard, token }) {
      if (!token.endsWith(ending(shard))) return true;
      const now = stored.get(shard) ?? token;
      return now !== token && !isEarlier(now, token);
    },
    heardAt: heard.at,
    unlessOdd: (shard, reply) => unlessOdd(reply, shard, { redis, log }),
    async note(epoch, found, before) {
      const { shard, token } = epoch;
      if (!isOutdated(token, stored.get(shard))) stored.set(shard, token);
      if (!isWorkedOn(epoch)) throw new ShardClosedError(shard, token);
      const counter = found ?? 0;
      const isSame = before.token === token;
      // Whoever opens a shard gives it a counter: without one nobody can tell what was published of what was committed.
      const isGone = found === null && closed?.shard !== shard;
      if (isGone || (isSame && counter < before.counter)) {
        const told = { seenCounter: before.counter, storedCounter: counter };
        await lose(epoch, { what: "writes", ...told });
      }
      const now = seen(shard);
      if (now.token !== token || counter > now.counter) highest[shard] = { token, counter };
    },
    async call(epoch, script, { keys, args, nowMs }) {
      const { shard } = epoch;
      const token = "token" in epoch ? epoch.token : null;
      if (token !== null && !isWorkedOn({ shard, token })) throw new ShardClosedError(shard, token);
      const before = seen(shard);
      const sentAtMs = performance.now();
      const own = shardKeys(shard);
      const whole = {
        keys: [own.epoch, own.counter, ...keys],
        args: [token ?? ending(shard), `${before.counter} ${before.token}`, ...args],
      };
      try {
        const running = run(redis, script, { ...whole, nowMs });
        const reply = await unlessOdd(running, shard, { redis, log });
        if (token !== null) heard.note({ shard, token }, sentAtMs);
        return reply;
      } catch (error) {
        const found = storedEpoch(error);
        if (found !== null) {
          stored.set(shard, found);
          throw new ShardClosedError(shard, found, isWorkedOn({ shard, token: found }));
        }
        const lost = lossIn(error, before.counter);
        if (lost === null) throw error;
        return lose({ shard, token: lost.token }, lost.told);
      }
    },
  };
}

/** Closes a shard that has lost writes, for everybody. Somebody else may have closed it, or even restored it since. */
async function closeLost({ shard, token }: Epoch, place: Pick<Guarding, "redis" | "log">) {
  const { epoch, counter } = shardKeys(shard);
  const call = { keys: [epoch, counter], args: [token, "0 ", LOST] };
  const closing = unlessOdd(runScript(place.redis, closeScript, call), shard, place);
  await closing.catch((error: unknown) => {
    if (storedEpoch(error) === null) throw error;
  });
}

/** `nowMs`: of a script that goes by time. */
function run(
  redis: RedisConnection,
  script: Script,
  { nowMs, ...call }: ScriptCall & { nowMs: number | undefined },
): Promise<unknown> {
  if (nowMs === undefined) return runScript(redis, script, call);
  return runClockedScript(redis, script, { ...call, nowMs });
}

/** When something was last heard of a shard, and in which epoch. */
function lastHeard() {
  const heard = new Map<number, { token: string; atMs: number }>();
  return {
    note: ({ shard, token }: Epoch, atMs: number) => void heard.set(shard, { token, atMs }),
    at: ({ shard, token }: Epoch): number => {
      const last = heard.get(shard);
      return last?.token === token ? last.atMs : -Infinity;
    },
  };
}

function seenOf(shard: number, highest: readonly Seen[]): Seen {
  const one = highest[shard];
  if (one) return one;
  throw new RangeError(`There is no shard ${shard}; there are ${highest.length}.`);
}

/** Whether a reply tells an epoch that is known to be over: calls that run side by side are answered in any order. */
function isOutdated(token: string, known: string | undefined): boolean {
  if (known === undefined) return false;
  const isLost = known === `${epochName({ token })} ${LOST}`;
  return isLost || isEarlier(token, known);
}
