// What a closed shard's outbox holds the journal may not have yet as it is stored. Where the timers of these messages
// are gone, no record gives them back.
import { readGood } from "#libs/contracts/codec.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { cutItems } from "#libs/cut-items.ts";
import { epochName } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";
import { outboxMessageIds } from "./outbox-pages.ts";
import { toRestored } from "./to-restored.ts";

/** Messages that are read in one call. */
const READ_COUNT = 256;

type Rearming = { store: FlowStore; contracts: Pick<Contracts, "journalDigest"> };

/**
 * Gives the open messages of a closed shard's outbox their timers, as their stored states have them; those that are there stay
 * as they are. What nobody can read is left alone. `store` is the closed shard's: throws ShardClosedError once that is not as
 * it was found.
 */
export async function rearmKept(shard: number, flow: Rearming): Promise<void> {
  for await (const messageIds of outboxMessageIds(shard, flow.store)) {
    for (const page of cutItems(messageIds, READ_COUNT)) await rearm(shard, page, flow);
  }
}

async function rearm(
  shard: number,
  messageIds: readonly string[],
  { store, contracts }: Rearming,
): Promise<void> {
  const { epoch, messages } = await store.read(shard, messageIds);
  const digests = await readGood(messages, ({ state }) => state, contracts.journalDigest);
  const nowMs = Date.now();
  const kept = digests.flatMap(({ item: { messageId, version, state: value }, value: digest }) => {
    if (value === null) return [];
    const order = { epoch: epochName(epoch), counter: 0, version };
    // It is listed already.
    const { indexed: _, ...one } = toRestored(
      { messageId, order, digest, requestedAt: null, value },
      nowMs,
    );
    return [one];
  });
  if (kept.length > 0) await store.restore(epoch, kept);
}
