// The stores beside the flow store, which are opened after its shards.
import { channels } from "#libs/contracts/topics.ts";
import { dispatchKeys } from "#libs/dispatch-store/keys.ts";
import { SHARD_COUNT as PROVIDER_SHARDS, waitingKeys } from "#libs/provider-ids/keys.ts";
import { READ_AGAIN_KEY } from "#libs/read-again/read-again.ts";
import { lanesKey, SHARD_COUNT as WEBHOOK_SHARDS } from "#libs/webhook-queue/keys.ts";

/** A key of each. What topics are to be read again is noted by a restore alone: lost, it takes another one. */
export const otherStores: readonly string[] = [
  ...channels.flatMap((channel) => dispatchKeys(channel).slice(0, 1)),
  ...Array.from({ length: PROVIDER_SHARDS }, (_, shard) => waitingKeys(shard)[0] ?? ""),
  ...Array.from({ length: WEBHOOK_SHARDS }, (_, shard) => lanesKey(shard)),
  READ_AGAIN_KEY,
];
