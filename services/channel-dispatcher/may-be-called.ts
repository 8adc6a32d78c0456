// Whether a provider may have been called for a command before, and its answer is not known.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Taken } from "#libs/dispatch-store/replies.ts";
import type { CommandInHand, DispatchDeps } from "./dispatch-deps.ts";

/** What living dispatchers have to say of calls before a loss is on Kafka, and applied, so long after the opening. */
const HEARD_WITHIN_MS = 5_000;
/** An opening that is further ahead was told by a clock that was wrong; those of processes differ by less. */
const AHEAD_MS_MAX = 5_000;

/** An earlier claim ended without an answer, maybe after its call. */
export function mayBeCalled(taken: Taken, { inHand }: Pick<DispatchDeps, "inHand">): boolean {
  const { verdict, wasMine, commandId, called } = taken;
  // This process called, whatever Redis has lost of that.
  if (inHand.unanswered.has(commandId)) return true;
  // Whom it is given to is noted before the call: without that nobody was called.
  if (called === null) return false;
  // An earlier try of this process that failed between its claim and the call has lost nothing.
  return verdict === "abandoned" && !wasMine;
}

/**
 * Somebody had it in hand when Redis was lost, and what was noted of a call then may be lost as well. Throws
 * what `loadState` throws.
 */
export async function wasInHandAtLoss(
  { messageId, issuedAt }: DispatchCommand,
  { verdict, called }: Taken,
  { loadState }: Pick<DispatchDeps, "loadState">,
): Promise<boolean> {
  if (verdict !== "abandoned" || called !== null) return false;
  return issuedAt < (await loadState(messageId)).openedBy;
}

/** It may have been called before Redis lost what was known of it, and nobody has looked into that yet. */
export function isForgotten(command: DispatchCommand, { called, lossCount }: Taken): boolean {
  return command.mayBeCalled && called === null && lossCount === 0;
}

/**
 * How long a command waits that was issued before its shard was opened, ms: Redis may have lost that another dispatcher took it
 * and called, and kept that it waits in its lane. That one's report is heard by then, and it is called for no more.
 */
export function restMs(
  { command, taken, isAbandoned }: CommandInHand,
  { nowMs, openedBy }: { nowMs: number; openedBy: number },
): number {
  const isKnown = taken.called !== null || isAbandoned;
  if (isKnown || command.issuedAt >= openedBy || openedBy > nowMs + AHEAD_MS_MAX) return 0;
  return Math.max(0, openedBy + HEARD_WITHIN_MS - nowMs);
}
