// Joins status reports that carry only a provider's own id to the attempt that they are about. A
// report may overtake the one that says whose id it is: then it is parked. Linking and parking are
// scripts on the same keys, so a report is either joined, or returned by the link: never neither.
// All calls may be repeated; those of one batch go out together, in one round trip.
import { inBatches } from "#libs/provider-ids/batches.ts";
import { linkKey, type ProviderId, parkedKey } from "#libs/provider-ids/keys.ts";
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { readScript } from "#libs/redis/read-script.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { toBytes, toList, toText } from "#libs/redis/reply.ts";
import { loadScripts, runScript } from "#libs/redis/script.ts";

type Attempt = { messageId: string; attemptIndex: number };
export type Link = ProviderId & Attempt;
type EarlyReport = ProviderId & { reportId: string; bytes: Buffer };
/** `full`: too many reports wait for that provider id already; this one was not taken. */
type Joined = Attempt | "parked" | "full";

/** A real attempt has a handful of reports; more for an unknown id is an error or an attack. */
const PARKED_COUNT_MAX = 100;

const linkScript = readScript(new URL("lua/link.lua", import.meta.url));
const joinOrParkScript = readScript(new URL("lua/join-or-park.lua", import.meta.url));

export type ProviderIds = {
  /** Links ids to attempts; returns, link by link, the parked reports. Forget them when handled. */
  linkAll(links: readonly Link[]): Promise<Buffer[][]>;
  /** The attempt of each report, in order; a report without one is parked. */
  joinAll(reports: readonly EarlyReport[]): Promise<Joined[]>;
  /** Drops the parked reports of ids that are linked: no more can have come since. */
  forgetParked(ids: readonly ProviderId[]): Promise<void>;
};

/** `keepMs`: how long links and parked reports are kept, the listening time of a message. */
export async function connectProviderIds(options: {
  redis: RedisConnection;
  keepMs: number;
}): Promise<ProviderIds> {
  const { redis, keepMs } = options;
  await loadScripts(redis, [linkScript, joinOrParkScript]);
  return {
    linkAll: (links) =>
      inBatches(links, async (batch) => {
        const args = [String(keepMs), ...batch.map(encodeAttempt)];
        const parked = await runScript(redis, linkScript, { keys: keysOf(batch), args });
        return toList(parked).map((reports) => toList(reports).map(toBytes));
      }),
    joinAll: (reports) =>
      inBatches(reports, async (batch) => {
        const items = batch.flatMap(({ reportId, bytes }) => [reportId, bytes]);
        const args = [String(keepMs), String(PARKED_COUNT_MAX), ...items];
        const joined = await runScript(redis, joinOrParkScript, { keys: keysOf(batch), args });
        return toList(joined).map(toJoined);
      }),
    async forgetParked(ids) {
      await inBatches(ids, async (batch) => {
        await redisReply(redis.client.unlink(batch.map(parkedKey)));
        return batch.map(() => null);
      });
    },
  };
}

function keysOf(batch: readonly ProviderId[]): string[] {
  return [...batch.map(linkKey), ...batch.map(parkedKey)];
}

function encodeAttempt({ messageId, attemptIndex }: Attempt): string {
  return `${attemptIndex}:${messageId}`;
}

function toJoined(reply: unknown): Joined {
  if (reply === null) return "parked";
  if (reply === 0) return "full";
  const text = toText(reply);
  const colon = text.indexOf(":");
  return { attemptIndex: Number(text.slice(0, colon)), messageId: text.slice(colon + 1) };
}
