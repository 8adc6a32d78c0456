// From which instant on the journal has to be read for shards that are closed, and other topics again. Pure.
import { topics } from "#libs/contracts/topics.ts";
import type { InspectedShard } from "#libs/flow-store/closed-shards.ts";
import { LOST } from "#libs/flow-store/epoch.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/**
 * Of a Redis that is empty, or of which nothing is known, all that it should hold is in the journal of so
 * many days: ended messages matter for 8, and an open one is written at least every 6 (a wait has 3 days at
 * most, and `rewrite-scheduled.ts` writes messages again that wait for their start).
 */
const JOURNAL_DAYS = 9;
/**
 * What a Redis lacks that has lost its end was committed after the last entry of its outbox. So much is read
 * before that: clocks differ by seconds, and what was committed is published within seconds, or in the outbox.
 */
const BEFORE_LOSS_MS = 10 * MINUTE_MS;
/** Reports wait so long for their attempt. */
const WAITING_MS = 15 * MINUTE_MS;
/** What is to be told waits so long for an endpoint that is away. */
const TELLING_MS = DAY_MS;

export type ShardPlan = {
  shard: number;
  /** `part`: all is there up to about `lastMs`. `whole`: nothing is known of what is there. */
  kind: "whole" | "part";
  /** The journal is read from this instant on, epoch ms. */
  sinceMs: number;
  /** When the shard was last written to, epoch ms; null where that is not known. */
  lastMs: number | null;
};

/** What each closed shard needs. */
export function planRestore(
  closed: readonly Pick<InspectedShard, "epoch" | "lastEntryId" | "missingTimerCount">[],
  nowMs: number,
): ShardPlan[] {
  const earliestMs = nowMs - JOURNAL_DAYS * DAY_MS;
  return closed.map(({ epoch: { shard, token }, lastEntryId, missingTimerCount }) => {
    const lastMs = Number.parseInt(lastEntryId, 10);
    // Whoever put old values back, or deleted timers, has left the outbox alone.
    const isWhole = token === "" || token.endsWith(` ${LOST}`) || missingTimerCount > 0;
    // An id to come is of a clock that was wrong.
    const isPart = !isWhole && lastMs > 0 && lastMs <= nowMs;
    if (!isPart) return { shard, kind: "whole", sinceMs: earliestMs, lastMs: null };
    return { shard, kind: "part", sinceMs: Math.max(earliestMs, lastMs - BEFORE_LOSS_MS), lastMs };
  });
}

/**
 * The topics whose records are to be handled again, each from an instant on (epoch ms): what was made of them
 * beside the journal is gone. `newestMs` is when the newest record of the journal was taken.
 */
export function toReadAgain(plans: readonly ShardPlan[], newestMs: number): Record<string, number> {
  const isWhole = plans.some(({ kind }) => kind === "whole");
  const lastMs = Math.max(...plans.map((plan) => plan.lastMs ?? newestMs));
  const sinceMs = lastMs - BEFORE_LOSS_MS;
  return {
    [topics.cancelRequests.name]: sinceMs,
    [topics.statusReports.name]: sinceMs - WAITING_MS,
    [topics.messageJournal.name]: isWhole ? sinceMs - TELLING_MS : sinceMs,
  };
}
