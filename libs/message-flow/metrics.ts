// What moving messages shows to Prometheus. Labels never hold a number or a message's id.
import { Counter, Histogram } from "prom-client";
import type { StatusChanged } from "#libs/fallback/events.ts";
import { type MessageState, timerDueAt } from "#libs/fallback/state.ts";
import { hasReached } from "#libs/fallback/words.ts";
import { registry } from "#libs/telemetry/metrics.ts";
import type { CostChange } from "./telling.ts";
import type { Moved } from "./transition.ts";

const registers = [registry];

const outcomes = new Counter({
  name: "fallthrough_outcomes_total",
  help: "Outcomes decided, amendments included (revision above 1).",
  labelNames: ["outcome", "channel", "revision"],
  registers,
});
const statuses = new Counter({
  name: "fallthrough_attempt_statuses_total",
  help: "Attempts that reached a status.",
  labelNames: ["channel", "status"],
  registers,
});
const notedReports = new Counter({
  name: "fallthrough_reports_noted_total",
  help: "Reports that changed no status, by why: other-provider, id-of-another-attempt ... Of an attempt each is counted once.",
  labelNames: ["channel", "rule"],
  registers,
});
const attempts = new Counter({
  name: "fallthrough_attempts_started_total",
  help: "Steps started.",
  labelNames: ["channel", "rule"],
  registers,
});
const transitions = new Counter({
  name: "fallthrough_transitions_total",
  help: "Transitions stored.",
  registers,
});
/** Buckets around the promise: a few ms when idle, 2 s after a fault has healed. */
const lateness = new Histogram({
  name: "fallthrough_timer_lateness_seconds",
  help: "From the instant a timer was due to the instant its decision was stored.",
  buckets: [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10],
  registers,
});
const earlyFallbacks = new Counter({
  name: "fallthrough_early_fallbacks_total",
  help: "Steps that were left, and got through after the next one had started.",
  labelNames: ["channel", "next"],
  registers,
});
const costUnits = new Counter({
  name: "fallthrough_estimated_cost_total",
  help: "Estimated costs of ended messages, in 1/10,000 of the currency.",
  labelNames: ["currency"],
  registers,
});
const extraCostUnits = new Counter({
  name: "fallthrough_extra_cost_total",
  help: "Of these, what attempts cost that reached a person who had the message already.",
  labelNames: ["currency"],
  registers,
});
export const conflictCount = new Counter({
  name: "fallthrough_commit_conflicts_total",
  help: "Transitions decided again because another writer was first, or Redis got them late.",
  registers,
});

export const lateCommitCount = new Counter({
  name: "fallthrough_commits_late_total",
  help: "Of the conflicts, those that Redis got late: it, or this process, stands still at times.",
  registers,
});

export const takenIdCount = new Counter({
  name: "fallthrough_taken_ids_total",
  help: "Requests by Kafka under the id of another account's message, or of another body.",
  labelNames: ["by"],
  registers,
});

/** Counts the outcome of a request that became no message. */
export function observeRefusal(): void {
  outcomes.inc({ outcome: "REJECTED", channel: "none", revision: "first" });
}

export const postponedCount = new Counter({
  name: "fallthrough_timers_postponed_total",
  help: "Timers moved an hour ahead because their message cannot be moved; see the dead letters.",
  registers,
});
export const outboxStuckCount = new Counter({
  name: "fallthrough_outbox_stuck_total",
  help: "Tries to publish what a dead process left in an outbox that a fault of ours has ended: the entry stays; see the logs.",
  registers,
});
export const setAsideCount = new Counter({
  name: "fallthrough_set_aside_total",
  help: "Records of the outbox and timers that can never be handled, now dead letters of their topic.",
  labelNames: ["topic"],
  registers,
});

/** Counts a stored transition. */
export function observe(moved: Moved, costs: CostChange | null): void {
  const { before, after, events, entry } = moved;
  transitions.inc();
  const channelOf = (index: number | null) => after.steps[index ?? -1]?.channel ?? "none";
  for (const event of events) {
    switch (event.type) {
      case "ATTEMPT_STARTED":
        attempts.inc({ channel: channelOf(event.attemptIndex), rule: event.rule });
        break;
      case "STATUS_CHANGED":
        statuses.inc({ channel: channelOf(event.attemptIndex), status: event.status });
        if (isEarlyFallback(event, before)) {
          const next = channelOf(event.attemptIndex + 1);
          earlyFallbacks.inc({ channel: channelOf(event.attemptIndex), next });
        }
        break;
      case "REPORT_NOTED":
        notedReports.inc({ channel: channelOf(event.attemptIndex), rule: event.rule });
        break;
      case "MESSAGE_ENDED":
      case "OUTCOME_AMENDED": {
        const channel = channelOf(event.attemptIndex);
        const revision = event.revision === 1 ? "first" : "amended";
        outcomes.inc({ outcome: event.outcome, channel, revision });
        break;
      }
      default:
    }
  }
  if (costs) observeCosts(costs);
  if (isTimed(events.at(0)?.rule)) observeLateness(timerDueAt(before), entry.at);
}

/** The first word that an attempt reached the person, after the next one had been started. */
function isEarlyFallback({ attemptIndex, status }: StatusChanged, before: MessageState): boolean {
  const was = before.attempts[attemptIndex]?.status ?? null;
  const isLeft = attemptIndex < before.attempts.length - 1;
  return isLeft && hasReached(status) && !hasReached(was);
}

/** Late news adds only what it adds. */
function observeCosts({ before, after }: CostChange): void {
  const { currency } = after;
  costUnits.inc({ currency }, Math.max(0, after.total - (before?.total ?? 0)));
  extraCostUnits.inc({ currency }, Math.max(0, after.extra - (before?.extra ?? 0)));
}

function isTimed(rule: string | undefined): boolean {
  return rule === "wait-ended" || rule === "closing-window-ended" || rule === "expired";
}

function observeLateness(dueAt: number | null, at: number): void {
  if (dueAt !== null) lateness.observe((at - dueAt) / 1000);
}
