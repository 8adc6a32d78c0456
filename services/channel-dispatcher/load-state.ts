import type { MessageState } from "#libs/contracts/generated/types.ts";
import { readState } from "#libs/contracts/journal-rescue.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { openedBy } from "#libs/flow-store/epoch.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";

/** `openedBy`: until when, epoch ms, the shard was opened in its epoch; 0: nobody knows. */
export type LoadedState = { state: MessageState | null; nowMs: number; openedBy: number };

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
  const seen = { nowMs: found.nowMs - found.apartMs, openedBy: openedBy(found.epoch) };
  const bytes = found.messages[0]?.state;
  return { ...seen, state: bytes ? (await readState(bytes, contracts)).state : null };
}
