import type { MessageState } from "#libs/contracts/generated/types.ts";
import { readState } from "#libs/contracts/journal-rescue.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import type { FlowStore } from "#libs/flow-store/ports.ts";

type Loading = { store: FlowStore; contracts: Pick<Contracts, "journalEntry" | "journalRescue"> };

/**
 * A message's state, null if Redis has none, and the earlier of Redis' clock and this process', epoch ms: by one that is
 * ahead a command would be refused for its age before its time is over. Once that is, its state says so. Throws
 * RetriableError, of what is out of reach, closed or apart.
 */
export async function loadState(
  messageId: string,
  { store, contracts }: Loading,
): Promise<{ state: MessageState | null; nowMs: number }> {
  const {
    nowMs: laterMs,
    apartMs,
    messages,
  } = await store.load(store.shardOf(messageId), [messageId]);
  const nowMs = laterMs - apartMs;
  const bytes = messages[0]?.state;
  if (!bytes) return { state: null, nowMs };
  return { state: (await readState(bytes, contracts)).state, nowMs };
}
