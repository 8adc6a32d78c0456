import type { MessageState } from "#libs/contracts/generated/types.ts";
import { readState } from "#libs/contracts/journal-rescue.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { epochName, openedBy } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";

/** `openedBy`: until when, epoch ms, the shard was opened in its epoch; 0: nobody knows. */
export type LoadedState = {
  state: MessageState | null;
  nowMs: number;
  epoch: string;
  openedBy: number;
};

/** What Redis knows of a shard: its epoch, and since the opening at which instant, epoch ms. */
export type KnownShard = { epoch: string; beganAt: number };

type Loading = { store: FlowStore; contracts: Pick<Contracts, "journalEntry" | "journalRescue"> };

/**
 * A message's state, null if Redis has none, and the earlier of Redis' clock and this process', epoch ms: by one that is
 * ahead a command would be refused for its age before its time is over. Once that is, its state says so. Throws
 * RetriableError, of what is out of reach, closed or apart.
 */
export async function loadState(
  messageId: string,
  { store, contracts }: Loading,
): Promise<LoadedState> {
  const found = await store.load(store.shardOf(messageId), [messageId]);
  const { epoch, nowMs, apartMs, messages } = found;
  const seen = { nowMs: nowMs - apartMs, epoch: epochName(epoch), openedBy: openedBy(epoch) };
  const bytes = messages[0]?.state;
  return { ...seen, state: bytes ? (await readState(bytes, contracts)).state : null };
}

/** What Redis knows of the messages' shards, each asked once. Throws RetriableError, of what is out of reach or closed. */
export function knownShards(
  messageIds: readonly string[],
  store: Pick<FlowStore, "shardOf" | "read">,
): Promise<KnownShard[]> {
  const known = new Map<number, Promise<KnownShard>>();
  const shards = messageIds.map((messageId) => {
    const shard = store.shardOf(messageId);
    const reading = known.get(shard) ?? knownShard(shard, store);
    known.set(shard, reading);
    return reading;
  });
  return Promise.all(shards);
}

async function knownShard(shard: number, store: Pick<FlowStore, "read">): Promise<KnownShard> {
  const { epoch, beganAt } = await store.read(shard, []);
  return { epoch: epochName(epoch), beganAt };
}
