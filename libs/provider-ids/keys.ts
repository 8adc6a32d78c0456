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

/**
 * Of a shard's waiting reports: a hash name -> report, a sorted set of the names in their order, and
 * one of the names by the instant since when each waits.
 */
export function waitingKeys(shard: number): [reports: string, names: string, ages: string] {
  const waiting = `${tagged(shard)}:waiting`;
  return [waiting, `${waiting}-names`, `${waiting}-ages`];
}

/** How the names of all reports begin that wait for an id; no other id's begin so. */
export function namesOf({ provider, providerMessageId }: ProviderId): string {
  const id = `${provider}:${providerMessageId}`;
  return `${Buffer.byteLength(id)}:${id}:`;
}

function tagged(shard: number): string {
  return `ft:provider:{${String(shard).padStart(2, "0")}}`;
}
