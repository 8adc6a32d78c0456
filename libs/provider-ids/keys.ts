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

/** Of a shard's waiting reports: what `lua/waiting-room.lua` says, in its order. */
export function waitingKeys(shard: number): string[] {
  const waiting = `${tagged(shard)}:waiting`;
  const others = ["names", "ages", "turns", "weights", "room"].map((part) => `${waiting}-${part}`);
  return [waiting, ...others];
}

/**
 * How the names of all reports begin that wait for an id of their provider; no other id's begin so, and
 * no other provider's as the first half of it.
 */
export function namesOf({ provider, providerMessageId }: ProviderId): string {
  return `${measured(provider)}${measured(providerMessageId)}`;
}

/** With its length before it no other text begins so. */
function measured(text: string): string {
  return `${Buffer.byteLength(text)}:${text}:`;
}

function tagged(shard: number): string {
  return `ft:provider:{${String(shard).padStart(2, "0")}}`;
}
