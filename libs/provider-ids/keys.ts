// Redis keys of the provider ids. One hash tag per shard, so that a batch is one script per shard
// on Redis Cluster as well.
import { shardOf } from "#libs/flow-store/shard-of.ts";

export type ProviderId = { provider: string; providerMessageId: string };

/** Not a deployment setting: nothing but these keys depends on it, and they live for days. */
const SHARD_COUNT = 16;

/** The shard of a provider id; both of its keys live there. */
export function providerIdShard({ provider, providerMessageId }: ProviderId): number {
  return shardOf(`${provider}:${providerMessageId}`, SHARD_COUNT);
}

/** Holds the attempt that a provider id belongs to. */
export function linkKey(id: ProviderId): string {
  return `${tagged(id)}:link`;
}

/** Holds the reports that came before the link. */
export function parkedKey(id: ProviderId): string {
  return `${tagged(id)}:parked`;
}

function tagged(id: ProviderId): string {
  const shard = String(providerIdShard(id)).padStart(2, "0");
  return `{ft-provider:${shard}}:${id.provider}:${id.providerMessageId}`;
}
