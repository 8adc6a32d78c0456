// Caps of an account's day, counted in Redis by one script. A message is counted once, when it is taken,
// and whatever becomes of it then: a request that comes again is known by its id, also after midnight. A
// Redis that was lost has forgotten the day, and its caps can be used a second time.

import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { type Fault, fault, LIMIT_CODES } from "#libs/judgement/fault.ts";
import { readClockedScript, runClockedScript } from "#libs/redis/clocked-script.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toList, toNumber } from "#libs/redis/reply.ts";
import { loadScripts } from "#libs/redis/script.ts";
import type { Account } from "#libs/settings/account.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { type Counter, countersOf } from "./counters.ts";
import { countsKey, markOf, takenBeforeKey, takenKey } from "./keys.ts";
import { refusedCount, warnedCount } from "./metrics.ts";

/** Of a cap, from where on its nearness is told. */
const WARN_FROM = 0.8;
/** Two days and an hour: what was counted yesterday is asked for, and looked at by people. */
const KEEP_SECONDS = 49 * 3_600;
const REFUSED = "refused:";

const countScript = readClockedScript(new URL("lua/count.lua", import.meta.url));

/** `near`: the cap will be reached soon, in the words of a warning. */
export type CapVerdict = { faults: Fault[]; near: Fault[] };
export type DailyUse = {
  used: { messages: number; segments: number; spend: number };
  /** By code. */
  refused: Record<string, number>;
};

export type AskedOfCaps = { request: SendRequest; account: Account; at: number };

export type DailyCaps = {
  /** Counts a request that is to be carried out, unless it does not fit; no Redis where no cap is set. */
  take(asked: AskedOfCaps): Promise<CapVerdict>;
  /** What `take` would say now, of a request that it has not had. */
  look(asked: AskedOfCaps): Promise<CapVerdict>;
  /** Notes what was refused for a limit, cap or not, for whoever looks at the day. */
  noteRefused(accountId: string, counts: ReadonlyMap<string, number>, at: number): Promise<void>;
  useOf(accountId: string, at: number): Promise<DailyUse>;
};

/** Every call throws RetriableError while Redis is away, and counts nothing by a clock that is off. */
export async function connectDailyCaps(redis: RedisConnection, log: Log): Promise<DailyCaps> {
  await loadScripts(redis, [countScript]);

  async function count(
    way: "take" | "look",
    { request, account, at }: AskedOfCaps,
  ): Promise<CapVerdict> {
    const counters = countersOf(request, account);
    if (counters.length === 0) return { faults: [], near: [] };
    const { accountId } = account;
    const keys = [countsKey, takenKey, takenBeforeKey].map((keyOf) => keyOf(accountId, at));
    const args = [way, markOf(request.messageId), String(KEEP_SECONDS), ...counters.flatMap(words)];
    const [, used, firsts] = toList(await runClockedScript(redis, countScript, { keys, args }));
    const verdict = verdictOf(counters, toList(used).map(toNumber));
    const isFirst = toList(firsts).map(toNumber);
    counters.forEach(({ code, what, cap }, index) => {
      if (isFirst[index] !== 1) return;
      warnedCount.inc({ account: accountId, code });
      log.warn({ accountId, code, cap }, `a daily cap is near: ${what}`);
    });
    return verdict;
  }

  return {
    take: (asked) => count("take", asked),
    look: (asked) => count("look", asked),
    async noteRefused(accountId, counts, at) {
      const key = countsKey(accountId, at);
      for (const [code, times] of counts) refusedCount.inc({ account: accountId, code }, times);
      const transaction = redis.at(key).multi();
      for (const [code, times] of counts) transaction.hincrby(key, `${REFUSED}${code}`, times);
      await redisReply(transaction.expire(key, KEEP_SECONDS).exec());
    },
    async useOf(accountId, at) {
      const key = countsKey(accountId, at);
      const fields = [
        "messages",
        "segments",
        "spend",
        ...LIMIT_CODES.map((code) => REFUSED + code),
      ];
      const counts = (await redisReply(redis.at(key).hmget(key, ...fields))).map((each) =>
        Number(each ?? 0),
      );
      const [messages = 0, segments = 0, spend = 0, ...refused] = counts;
      const told = LIMIT_CODES.map((code, index) => [code, refused[index] ?? 0] as const);
      return {
        used: { messages, segments, spend },
        refused: Object.fromEntries(told.filter(([, times]) => times > 0)),
      };
    },
  };
}

function words({ name, amount, cap, code }: Counter): string[] {
  return [name, String(amount), String(cap), String(Math.ceil(cap * WARN_FROM)), code];
}

/** Nothing is said of what was counted before: its counts are not asked for. */
function verdictOf(counters: readonly Counter[], used: readonly number[]): CapVerdict {
  const told = counters.flatMap((counter, index) => {
    const withIt = used[index];
    return withIt === undefined ? [] : [{ ...counter, withIt }];
  });
  return {
    faults: told
      .filter(({ withIt, cap }) => withIt > cap)
      .map(({ code, path, what, cap, withIt, amount }) =>
        fault(
          code,
          path,
          `would be ${amount} more of ${what}: ${withIt - amount} of the day's ${cap} are used`,
        ),
      ),
    near: told
      .filter(({ withIt, cap }) => withIt <= cap && withIt >= cap * WARN_FROM)
      .map(({ code, path, what, cap, withIt }) =>
        fault(code, path, `makes it ${withIt} of the day's ${cap} ${what}`),
      ),
  };
}

/** A batch of ten thousand refusals is one note. */
const NOTE_AFTER_MS = 100;

/** Notes refusals soon after they came; one that Redis does not take is missed in the day's counts alone. */
export function refusalNoter(
  { noteRefused }: Pick<DailyCaps, "noteRefused">,
  log: Log,
): (accountId: string, codes: readonly string[]) => void {
  const waiting = new Map<string, Map<string, number>>();
  const note = (accountId: string) => {
    const counts = waiting.get(accountId) ?? new Map<string, number>();
    waiting.delete(accountId);
    noteRefused(accountId, counts, Date.now()).catch((err: unknown) => {
      log.warn({ err, accountId }, "refusals are not noted");
    });
  };
  return (accountId, codes) => {
    const counts = waiting.get(accountId) ?? new Map<string, number>();
    if (counts.size === 0) setTimeout(note, NOTE_AFTER_MS, accountId);
    for (const code of codes) counts.set(code, (counts.get(code) ?? 0) + 1);
    waiting.set(accountId, counts);
  };
}
