// How a rehearsed message ends, after all news has come.
import type { Outcome } from "#libs/fallback/words.ts";
import type { Rehearsed } from "./rehearse.ts";

export type Ending = {
  outcome: Outcome;
  /** The channel that got through; null where none did. */
  channel: string | null;
  duplicate: boolean;
  /** From the start of the first step until the first outcome is decided. */
  durationMs: number;
};

/** Throws for a rehearsal that did not end, which cannot be. */
export function endingOf({ state, events }: Rehearsed): Ending {
  const { outcome, succeededIndex, duplicate, attempts, steps } = state;
  const ended = events.find(({ type }) => type === "MESSAGE_ENDED");
  if (!ended || outcome === null) throw new Error("A rehearsal ended without an outcome.");
  const startedAt = attempts[0]?.startedAt ?? ended.at;
  const channel = succeededIndex === null ? null : (steps[succeededIndex]?.channel ?? null);
  return { outcome, channel, duplicate, durationMs: ended.at - startedAt };
}
