// Says whose the ids of an attempt are, that was accepted or may have been. Nobody else does: what anybody may write to a topic,
// or post, cannot make a provider's receipts end another message.
import type { Word } from "#libs/dispatch-rules/conclude.ts";
import { RetriableError } from "#libs/errors.ts";
import type { Link } from "#libs/provider-ids/provider-ids.ts";
import type { DispatchDeps } from "./dispatch-deps.ts";
import { takenIdCounter } from "./metrics.ts";
import { persist } from "./persist.ts";

type Attempt = { messageId: string; attemptIndex: number; provider: string };

/**
 * The word as it may be told, once its ids are linked: before anybody can read it, so that a receipt
 * finds its attempt. An id that an open message has stays with that: this attempt goes without it.
 */
export async function linkIds(word: Word, attempt: Attempt, deps: DispatchDeps): Promise<Word> {
  const { providerMessageId } = word;
  if (!providerMessageId) return word;
  const parts = word.providerMessageIds ?? [];
  const ids = parts.length > 0 ? parts : [providerMessageId];
  const taken = await linkAll(ids, parts, attempt, deps);
  return taken.size === 0
    ? word
    : withoutIds(
        word,
        ids.filter((id) => !taken.has(id)),
      );
}

/** The ids that an open message has. A Redis that stays away costs receipts, never the answer itself. */
async function linkAll(
  ids: readonly string[],
  providerMessageIds: readonly string[],
  { messageId, attemptIndex, provider }: Attempt,
  deps: DispatchDeps,
): Promise<Set<string>> {
  const { channel, log, providerIds } = deps;
  const attempt = { provider, messageId, attemptIndex, providerMessageIds };
  const links = ids.map((providerMessageId) => ({ ...attempt, providerMessageId }));
  try {
    const taken = await persist(async () => linkOver(await providerIds.linkAll(links), deps), {
      withinMs: deps.beginWithinMs,
      stopping: deps.stopping,
    });
    takenIdCounter.inc({ channel }, taken.length);
    for (const { providerMessageId } of taken) {
      log.error({ channel, messageId, providerMessageId }, "an open message has this provider id");
    }
    return new Set(taken.map(({ providerMessageId }) => providerMessageId));
  } catch (error) {
    if (!(error instanceof RetriableError)) throw error;
    log.warn({ err: error, channel, messageId }, "a provider id could not be linked");
    return new Set();
  }
}

type Conflict = Awaited<ReturnType<DispatchDeps["providerIds"]["linkAll"]>>[number];

/** Links ids anew whose message has ended; a provider may count from the beginning again. */
async function linkOver(conflicts: readonly Conflict[], deps: DispatchDeps): Promise<Link[]> {
  const looked = await Promise.all(
    conflicts.map(async ({ link, other }) => {
      const { state } = await deps.loadState(other.messageId);
      return { link, other, isOver: state === null || state.phase === "ENDED" };
    }),
  );
  const over = looked.filter(({ isOver }) => isOver);
  const again = over.map(({ link, other }) => ({ ...link, replaced: other }));
  const lost = again.length === 0 ? [] : await deps.providerIds.linkAll(again);
  const open = looked.filter(({ isOver }) => !isOver);
  return [...open, ...lost].map(({ link }) => link);
}

function withoutIds(word: Word, left: readonly string[]): Word {
  return {
    ...word,
    providerMessageId: left[0] ?? null,
    providerMessageIds: left.length > 1 ? [...left] : [],
    errorCode: "provider-id-taken",
    errorText: "The provider gave an id that another open message has; its receipts go there.",
  };
}
