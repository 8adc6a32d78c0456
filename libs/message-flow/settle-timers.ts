// A timer leaves its set only by a commit. So the timer of a message that a tick does not move would
// fire again at the end of every lease, for ever: it is put where it belongs instead.
import { RetriableError } from "#libs/errors.ts";
import type { LoadedShard, TimerPlace } from "#libs/flow-store/ports.ts";
import type { Failure } from "./failures.ts";
import type { Flow } from "./flow.ts";
import { postponedCount } from "./metrics.ts";
import type { InputsOf } from "./prepare-moves.ts";

/** When a timer fires again whose message cannot be moved: a person may have mended it by then. */
const POSTPONED_MS = 3_600_000;

/** What was not moved: `unmoved` decided nothing, `failures` could not. */
type Rest = { inputs: InputsOf; unmoved: readonly TimerPlace[]; failures: readonly Failure[] };

/** Throws RetriableError. */
export async function settleTimers(
  { messages, nowMs }: LoadedShard,
  { inputs, unmoved, failures }: Rest,
  { flow, shard }: { flow: Flow; shard: number },
): Promise<void> {
  const isTicked = ({ messageId }: { messageId: string }) =>
    inputs.get(messageId)?.some(({ type }) => type === "TimerTick") ?? false;
  const lasting = failures.filter(({ error }) => !(error instanceof RetriableError));
  const stuck = new Set(lasting.map(({ messageId }) => messageId));
  const postponed = messages
    .filter((one) => stuck.has(one.messageId) && isTicked(one))
    .map(({ messageId, version }) => ({ messageId, version, dueAt: nowMs + POSTPONED_MS }));
  const back = unmoved.filter(isTicked).map((one) => notInThePast(one, nowMs));
  const places = [...postponed, ...back];
  if (places.length > 0) await flow.store.rearm(shard, places);
  postponedCount.inc(postponed.length);
}

/** A tick that is due and decides nothing would decide nothing in a moment, too. */
function notInThePast(place: TimerPlace, nowMs: number): TimerPlace {
  const isPast = place.dueAt !== null && place.dueAt <= nowMs;
  return isPast ? { ...place, dueAt: nowMs + POSTPONED_MS } : place;
}
