// A timer leaves its set only by a commit. So the timer of a message that a tick does not move would
// fire again at the end of every lease, for ever: it is put where it belongs instead.
import { RetriableError, WaitsAloneError } from "#libs/errors.ts";
import type { LoadedShard, TimerPlace } from "#libs/flow-store/ports.ts";
import type { Failure } from "./failures.ts";
import type { Flow } from "./flow.ts";
import type { MessageInput } from "./message-input.ts";
import { postponedCount } from "./metrics.ts";
import { tellOrphans } from "./orphaned-timers.ts";
import type { InputsOf } from "./prepare-moves.ts";

/** When a timer fires again whose message cannot be moved: a person may have mended it by then. */
const POSTPONED_MS = 3_600_000;
/** When one fires again whose message only a newer version of this program can read: both may run for a while. */
const UPGRADE_WAIT_MS = 60_000;

/** What was not moved: `unmoved` decided nothing, `failures` could not. */
type Rest = { inputs: InputsOf; unmoved: readonly TimerPlace[]; failures: readonly Failure[] };

/** Throws RetriableError. */
export async function settleTimers(
  loaded: LoadedShard,
  { inputs, unmoved, failures }: Rest,
  flow: Flow,
): Promise<void> {
  const { epoch, messages, nowMs } = loaded;
  const firedAt = (messageId: string) => lastFiredAt(inputs.get(messageId) ?? [], nowMs);
  const later = nowMs + POSTPONED_MS;
  const waits = new Map(failures.map(({ messageId, error }) => [messageId, waitAfter(error)]));
  const postponed = messages.flatMap(({ messageId, version }) => {
    const waitMs = waits.get(messageId);
    return waitMs && firedAt(messageId) !== null
      ? [{ messageId, version, dueAt: nowMs + waitMs }]
      : [];
  });
  const fired = unmoved.filter(({ messageId }) => firedAt(messageId) !== null);
  const back = fired.filter(isStored).map((place) => {
    // What was due when it fired and decides nothing would decide nothing in a moment, too.
    const isInVain = place.dueAt !== null && place.dueAt <= firedAt(place.messageId)!;
    return isInVain ? { ...place, dueAt: later } : place;
  });
  const places = [...postponed, ...back];
  if (places.length > 0) await flow.store.rearm(epoch, places);
  postponedCount.inc(postponed.length);
  const lost = fired.filter((place) => !isStored(place)).map(({ messageId }) => messageId);
  await tellOrphans(epoch, lost, { dueAt: later, flow });
}

function isStored({ version }: TimerPlace): boolean {
  return version > 0;
}

/** How long the timer of a message rests that met this; null: what passes by itself needs no rest. */
function waitAfter(error: unknown): number | null {
  if (error instanceof WaitsAloneError) return UPGRADE_WAIT_MS;
  return error instanceof RetriableError ? null : POSTPONED_MS;
}

/** null: they hold no tick. None fired later than now, whatever it says: it would be believed to have been due. */
function lastFiredAt(inputs: readonly MessageInput[], nowMs: number): number | null {
  const ticks = inputs.filter((input) => input.type === "TimerTick");
  if (ticks.length === 0) return null;
  return Math.min(nowMs, Math.max(...ticks.map(({ firedAt }) => firedAt)));
}
