// Joins status reports that carry only a provider's own id to the attempt that they are about. Only
// the dispatcher links an id, when its provider has answered. A report may overtake that: then it
// waits. Linking and parking are scripts on keys of one shard, so whoever asks for what waits after
// the link misses none: a report is either joined or found. All calls may be repeated.

import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import {
  readOpenClockedScript,
  readOpenScript,
  runOpenClockedScript,
  runOpenScript,
} from "#libs/redis/open-script.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { toBytes, toList, toText } from "#libs/redis/reply.ts";
import { loadScripts, runScript } from "#libs/redis/script.ts";
import { decodeAttempt, encodeAttempt, type LinkedAttempt } from "./attempt-text.ts";
import { inBatches } from "./batches.ts";
import {
  linkKey,
  namesOf,
  type ProviderId,
  providerIdShard,
  SHARD_COUNT,
  waitingKeys,
} from "./keys.ts";

/** `replaced`: an attempt that has the id and is over. */
export type Link = ProviderId & LinkedAttempt & { replaced?: LinkedAttempt };
/** `bytes` are kept while its attempt is not known; null: it is only looked up. */
export type EarlyReport = ProviderId & { reportId: string; bytes: Buffer | null };
/** `full`: too many wait for that id already; this one was not taken. */
export type Verdict = LinkedAttempt | "unknown" | "waits" | "full";
/** A report that waits; `name` says its provider, the provider's id and its own. */
export type Waiting = { shard: number; name: string; bytes: Buffer };

/** A report that waited, and does no longer. */
export type Dropped = Pick<Waiting, "name">;

/** Receipts may come for as long as the listening time of a message. */
export const LINK_KEEP_MS = 72 * 3_600_000;
/** Overtaking takes seconds; a dispatcher that is away for longer has made no call. */
const WAITING_KEEP_MS = 15 * 60_000;
/** A real attempt has a handful of reports; more for an unknown id is an error or an attack. */
const WAITING_OF_ID_MAX = 100;
/**
 * In all, with what Redis needs for each: some 45,000 usual ones. Whoever shares a carrier's account gets
 * others' receipts for ever, and Redis is finite.
 */
const WAITING_BYTES_MAX = 64 * 1024 * 1024;
/** Providers and connections that have room of their own in a shard, 8 KiB at least; all beyond share one. */
const PROVIDER_COUNT_MAX = 512;
const EXPIRED_COUNT_MAX = 256;

// A link is true whatever Redis has lost, and a restore brings links back before it opens the store.
const linkScript = readScript(new URL("lua/link.lua", import.meta.url));
const room = new URL("lua/waiting-room.lua", import.meta.url);
const joinOrParkScript = readOpenClockedScript(
  room,
  new URL("lua/join-or-park.lua", import.meta.url),
);
const findWaitingScript = readOpenScript(new URL("lua/find-waiting.lua", import.meta.url));
const findExpiredScript = readOpenClockedScript(new URL("lua/find-expired.lua", import.meta.url));
const forgetScript = readOpenScript(room, new URL("lua/forget.lua", import.meta.url));

export type ProviderIds = {
  /** Links ids to attempts. Returns those that another attempt has, with that attempt. */
  linkAll(links: readonly Link[]): Promise<{ link: Link; other: LinkedAttempt }[]>;
  /** The attempt of each report; a report without one waits. `dropped` names those that had to go. */
  joinAll<Report extends EarlyReport>(
    reports: readonly Report[],
  ): Promise<{ joined: { report: Report; verdict: Verdict }[]; dropped: Dropped[] }>;
  /** What waits for ids. Forget it once it is handled. */
  findWaiting(ids: readonly ProviderId[]): Promise<Waiting[]>;
  /** What has waited too long, the oldest of each shard. */
  findExpired(): Promise<Waiting[]>;
  /** Returns those that were still there: of two callers one gets each. */
  forget(waiting: readonly Waiting[]): Promise<Waiting[]>;
};

type Options = { redis: RedisConnection; waitingKeepMs?: number; waitingBytesMax?: number };

/** Loads its scripts first. Rejects with RetriableError while Redis is away, or its clock is; so does each method. */
export async function connectProviderIds(options: Options): Promise<ProviderIds> {
  const { redis, waitingKeepMs = WAITING_KEEP_MS, waitingBytesMax = WAITING_BYTES_MAX } = options;
  const scripts = [
    linkScript,
    joinOrParkScript,
    findWaitingScript,
    findExpiredScript,
    forgetScript,
  ];
  await loadScripts(redis, scripts);
  const bytesMax = Math.ceil(waitingBytesMax / SHARD_COUNT);
  const limits = [WAITING_OF_ID_MAX, PROVIDER_COUNT_MAX, bytesMax].map(String);

  async function joinBatch<Report extends EarlyReport>(batch: readonly Report[], shard: number) {
    const items = batch.flatMap((one) => [namesOf(one), one.reportId, one.bytes ?? ""]);
    const keys = [...waitingKeys(shard), ...batch.map(linkKey)];
    const args = [...limits, ...items];
    const reply = await runOpenClockedScript(redis, joinOrParkScript, { keys, args });
    const [verdicts, dropped] = toList(reply).map(toList);
    const joined = batch.map((report, index) => ({
      report,
      verdict: toVerdict(verdicts?.[index]),
    }));
    return { joined, dropped: (dropped ?? []).map((name) => ({ name: toText(name) })) };
  }

  async function forgetBatch(batch: readonly Waiting[], shard: number) {
    const args = batch.map(({ name }) => name);
    const gone = await runOpenScript(redis, forgetScript, { keys: waitingKeys(shard), args });
    const names = new Set(toList(gone).map(toText));
    return batch.filter(({ name }) => names.has(name));
  }

  return {
    linkAll: async (links) =>
      (await inBatches(links, providerIdShard, (batch) => linkBatch(batch, redis))).flat(),
    async joinAll(reports) {
      const batches = await inBatches(
        reports,
        providerIdShard,
        joinBatch<(typeof reports)[number]>,
      );
      return {
        joined: batches.flatMap(({ joined }) => joined),
        dropped: batches.flatMap(({ dropped }) => dropped),
      };
    },
    async findWaiting(ids) {
      const found = await inBatches(ids, providerIdShard, async (batch, shard) => {
        const keys = waitingKeys(shard).slice(0, 2);
        const args = batch.map(namesOf);
        return toWaiting(await runOpenScript(redis, findWaitingScript, { keys, args }), shard);
      });
      return found.flat();
    },
    async findExpired() {
      const shards = Array.from({ length: SHARD_COUNT }, (_, shard) =>
        findExpiredIn(shard, { redis, waitingKeepMs }),
      );
      return (await Promise.all(shards)).flat();
    },
    forget: async (waiting) => (await inBatches(waiting, ({ shard }) => shard, forgetBatch)).flat(),
  };
}

async function linkBatch(batch: readonly Link[], redis: RedisConnection) {
  const pairs = batch.flatMap(({ replaced, ...link }) => {
    return [encodeAttempt(link), replaced ? encodeAttempt(replaced) : ""];
  });
  const args = [String(LINK_KEEP_MS), ...pairs];
  const others = toList(await runScript(redis, linkScript, { keys: batch.map(linkKey), args }));
  return batch.flatMap((link, index) => {
    const other = others[index] ?? null;
    return other === null ? [] : [{ link, other: decodeAttempt(toText(other)) }];
  });
}

type Expiring = { redis: RedisConnection; waitingKeepMs: number };

async function findExpiredIn(shard: number, { redis, waitingKeepMs }: Expiring) {
  const [reports = "", , ages = ""] = waitingKeys(shard);
  const args = [String(waitingKeepMs), String(EXPIRED_COUNT_MAX)];
  const call = { keys: [reports, ages], args };
  return toWaiting(await runOpenClockedScript(redis, findExpiredScript, call), shard);
}

function toVerdict(reply: unknown): Verdict {
  if (reply === 0) return "full";
  if (reply === 1) return "waits";
  return reply === 2 ? "unknown" : decodeAttempt(toText(reply));
}

function toWaiting(reply: unknown, shard: number): Waiting[] {
  const list = toList(reply);
  return Array.from({ length: list.length / 2 }, (_, index) => {
    return { shard, name: toText(list[2 * index]), bytes: toBytes(list[2 * index + 1]) };
  });
}
