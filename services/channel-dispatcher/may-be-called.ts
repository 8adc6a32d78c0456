// Whether a provider may have been called for a command before, and its answer is not known.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import type { Taken } from "#libs/dispatch-store/replies.ts";
import { openedAt } from "#libs/flow-store/epoch.ts";
import { CLOCK_SKEW_MAX_MS } from "#libs/redis/clocks.ts";
import type { CommandInHand, DispatchDeps } from "./dispatch-deps.ts";
import type { KnownShard, LoadedState } from "./load-state.ts";

/** What living dispatchers have to say of calls before a loss is on Kafka, and applied, so long after the opening. */
const HEARD_WITHIN_MS = 5_000;

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
 * Somebody had it in hand when Redis was lost, and what was noted of a call then, or of its answer, may be lost as well:
 * also of this process, which forgets what it had kept there. Throws what `loadState` throws.
 */
export async function wasInHandAtLoss(
  command: DispatchCommand,
  { verdict }: Pick<Taken, "verdict">,
  { loadState }: Pick<DispatchDeps, "loadState">,
): Promise<boolean> {
  if (verdict !== "abandoned") return false;
  return isOfBefore(command, await loadState(command.messageId));
}

/**
 * Whether it was decided before its shard was opened: as its epoch says, since clocks may be apart. One that is told again has
 * none if its shard was emptied, and is told before that is opened.
 */
function isOfBefore(
  { epoch, issuedAt, mayBeCalled: isToldAgain }: DispatchCommand,
  opened: Pick<LoadedState, "epoch" | "openedBy">,
): boolean {
  if (epoch !== "") return epoch !== opened.epoch;
  return isToldAgain || issuedAt < opened.openedBy;
}

/**
 * Whether it was decided in an epoch of which Redis knows nothing, not even that it was, so that it may have been called. Where
 * its epoch does not say when that was, its own instant does.
 */
export function isOlderThanKnown({ epoch, issuedAt }: DispatchCommand, known: KnownShard): boolean {
  if (epoch !== "" && epoch === known.epoch) return false;
  return (openedAt({ token: epoch }) || issuedAt) < known.beganAt;
}

/** It may have been called before Redis lost what was known of it, and nobody has looked into that yet. */
export function isForgotten(command: DispatchCommand, { called, lossCount }: Taken): boolean {
  return command.mayBeCalled && called === null && lossCount === 0;
}

/**
 * How long a command waits that was decided before its shard was opened, ms: Redis may have lost that another dispatcher took it
 * and called, and kept that it waits in its lane. That one's report is heard by then, and it is called for no more.
 */
export function restMs(
  { command, taken, isAbandoned }: CommandInHand,
  { nowMs, epoch, openedBy }: Omit<LoadedState, "state">,
): number {
  const isKnown = taken.called !== null || isAbandoned;
  if (isKnown || !isOfBefore(command, { epoch, openedBy })) return 0;
  // Told by a clock that was wrong: those of processes differ by less.
  if (openedBy > nowMs + CLOCK_SKEW_MAX_MS) return 0;
  return Math.max(0, openedBy + HEARD_WITHIN_MS - nowMs);
}
