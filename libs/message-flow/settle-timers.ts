// A timer leaves its set only by a commit. So the timer of a message that a tick does not move would
// fire again at the end of every lease, for ever: it is put where it belongs instead.
import { RetriableError } from "#libs/errors.ts";
import type { LoadedShard, TimerPlace } from "#libs/flow-store/ports.ts";
import type { Failure } from "./failures.ts";
import type { Flow } from "./flow.ts";
import type { MessageInput } from "./message-input.ts";
import { postponedCount } from "./metrics.ts";
import type { InputsOf } from "./prepare-moves.ts";

/** When a timer fires again whose message cannot be moved: a person may have mended it by then. */
const POSTPONED_MS = 3_600_000;

/** What was not moved: `unmoved` decided nothing, `failures` could not. */
type Rest = { inputs: InputsOf; unmoved: readonly TimerPlace[]; failures: readonly Failure[] };

/** Throws RetriableError. */
export async function settleTimers(
  { epoch, messages, nowMs }: LoadedShard,
  { inputs, unmoved, failures }: Rest,
  flow: Flow,
): Promise<void> {
  const firedAt = (messageId: string) => lastFiredAt(inputs.get(messageId) ?? [], nowMs);
  const lasting = failures.filter(({ error }) => !(error instanceof RetriableError));
  const stuck = new Set(lasting.map(({ messageId }) => messageId));
  const later = nowMs + POSTPONED_MS;
  const postponed = messages
    .filter(({ messageId }) => stuck.has(messageId) && firedAt(messageId) !== null)
    .map(({ messageId, version }) => ({ messageId, version, dueAt: later }));
  const back = unmoved.flatMap((place) => {
    const at = firedAt(place.messageId);
    // What was due when it fired and decides nothing would decide nothing in a moment, too.
    const isInVain = place.dueAt !== null && at !== null && place.dueAt <= at;
    return at === null ? [] : [isInVain ? { ...place, dueAt: later } : place];
  });
  const places = [...postponed, ...back];
  if (places.length > 0) await flow.store.rearm(epoch, places);
  postponedCount.inc(postponed.length);
}

/** null: they hold no tick. None fired later than now, whatever it says: it would be believed to have been due. */
function lastFiredAt(inputs: readonly MessageInput[], nowMs: number): number | null {
  const ticks = inputs.filter((input) => input.type === "TimerTick");
  if (ticks.length === 0) return null;
  return Math.min(nowMs, Math.max(...ticks.map(({ firedAt }) => firedAt)));
}
