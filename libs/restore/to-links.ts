// Whose a provider's ids are, as the journal knows it. Pure.
import type { JournalDigest } from "#libs/contracts/journal-digest.ts";
import { LINK_KEEP_MS, type Link } from "#libs/provider-ids/provider-ids.ts";

/** The links of all attempts that receipts may still come for. */
export function toLinks({ messageId, state }: JournalDigest, nowMs: number): Link[] {
  return state.attempts.flatMap((attempt, attemptIndex) => {
    const { provider, providerMessageId, parts, startedAt } = attempt;
    if (!provider || !providerMessageId || startedAt + LINK_KEEP_MS <= nowMs) return [];
    const ids = [...new Set(parts.map((part) => part.providerMessageId))];
    const providerMessageIds = ids.length > 1 ? ids : [];
    const all = ids.length > 0 ? ids : [providerMessageId];
    return all.map((id) => ({
      provider,
      providerMessageId: id,
      messageId,
      attemptIndex,
      providerMessageIds,
    }));
  });
}
