// Redis keys of the provider ids. One hash tag per shard, so that a batch is one script per shard
// on Redis Cluster as well.
import { shardOf } from "#libs/flow-store/shard-of.ts";

export type ProviderId = { provider: string; providerMessageId: string };

/** Not a deployment setting: nothing but these keys depends on it, and they live for days. */
export const SHARD_COUNT = 16;

/** The shard of a provider id: its link lives there, and the reports that wait for it. */
export function providerIdShard({ provider, providerMessageId }: ProviderId): number {
  return shardOf(`${provider}:${providerMessageId}`, SHARD_COUNT);
}

/** Holds the attempt that a provider id belongs to. */
export function linkKey(id: ProviderId): string {
  return `${tagged(providerIdShard(id))}:${id.provider}:${id.providerMessageId}:link`;
}

/** Where reports of one provider, or connection, wait: no other's reports take their room. */
export type Place = { shard: number; provider: string };

/**
 * Of a place's waiting reports: a hash name -> report, a sorted set of the names in their order, one
 * of the names by the instant since when each waits, and the set of the shard's providers that have any.
 */
export function waitingKeys({
  shard,
  provider,
}: Place): [reports: string, names: string, ages: string, providers: string] {
  const waiting = `${tagged(shard)}:${provider}:waiting`;
  return [waiting, `${waiting}-names`, `${waiting}-ages`, providersKey(shard)];
}

/** The providers of a shard whose reports wait. */
export function providersKey(shard: number): string {
  return `${tagged(shard)}:waiting-providers`;
}

/** How the names of all reports begin that wait for an id of their provider; no other id's begin so. */
export function namesOf({ providerMessageId }: Pick<ProviderId, "providerMessageId">): string {
  return `${Buffer.byteLength(providerMessageId)}:${providerMessageId}:`;
}

function tagged(shard: number): string {
  return `ft:provider:{${String(shard).padStart(2, "0")}}`;
}
