// A message's life in virtual time: the decider itself is told what the clock and carriers that
// behave as assumed would tell it, until nothing is to come any more. Pure: nothing is sent, nothing
// waits. Calls, records and reports take no time here, so a real message is later by its latencies.
import { decide } from "#libs/fallback/decide.ts";
import type { FallbackEvent } from "#libs/fallback/events.ts";
import { evolve } from "#libs/fallback/evolve.ts";
import type { FallbackInput, StatusReportInput } from "#libs/fallback/inputs.ts";
import { initialState, type MessageState, timerDueAt } from "#libs/fallback/state.ts";
import { toRevoke } from "#libs/fallback/to-revoke.ts";
import { failureLeadsTo } from "#libs/message-flow/message-input.ts";
import type { Behaviour } from "#libs/providers/simulated/behaviour.ts";
import { takesBack } from "#libs/providers/simulated/carrier-traits.ts";
import { type Agenda, takeNext } from "./agenda.ts";
import { channelOf } from "./assumed-carrier.ts";
import { revocationReport } from "./assumed-reports.ts";
import type { Message } from "./message.ts";
import { rehearseCall } from "./rehearse-call.ts";

/**
 * Ten steps, each with a timer, at most four calls (two refusals, one repeat) with a report each and
 * with five receipts, make some 300 happenings. More of them are a bug here.
 */
const HAPPENING_COUNT_MAX = 1_000;

export type Rehearsed = {
  /** What each step was assumed to do, whether it started or not. */
  behaviours: readonly Behaviour[];
  /** Everything that was told to the decider, in order. */
  inputs: readonly FallbackInput[];
  events: readonly FallbackEvent[];
  /** After the last report. */
  state: MessageState;
  /** Calls to the carrier by attempt; more than one where it was tried again. */
  callCounts: readonly number[];
};

/**
 * Plays `message` where step n behaves as `behaviours[n]` says; a step beyond them is silent. Ends
 * when the message has ended and all reports have come.
 */
export function rehearse(message: Message, behaviours: readonly Behaviour[]): Rehearsed {
  const { request, input, account } = message;
  const inputs: FallbackInput[] = [];
  const events: FallbackEvent[] = [];
  let agenda: Agenda = [];
  const callCounts: number[] = [];
  let state = initialState;

  function tell(told: FallbackInput): void {
    const decided = decide(told, state);
    state = decided.reduce(evolve, state);
    inputs.push(told);
    events.push(...decided);
    for (const event of decided) takeBack(toRevoke(event, state), told.at);
    agenda.push(...decided.flatMap(toCall));
  }

  /** As the dispatchers do before they call: what a carrier takes back it says nothing more of. */
  function takeBack(attemptIndexes: readonly number[], at: number): void {
    for (const attemptIndex of attemptIndexes) {
      const step = state.steps[attemptIndex];
      if (!step || !takesBack(channelOf(step))) continue;
      agenda = agenda.filter((due) => due.type === "call" || !isAbout(due.report, attemptIndex));
      agenda.push(revocationReport(at, attemptIndex, step));
    }
  }

  function led(report: StatusReportInput): StatusReportInput {
    return { ...report, leadsTo: failureLeadsTo(report, account) };
  }

  tell(input);
  for (let count = 0; count < HAPPENING_COUNT_MAX; count++) {
    const next = takeNext(agenda, timerDueAt(state));
    if (!next) return { behaviours, inputs, events, state, callCounts };
    if (next.type === "tick") {
      tell({ type: "TimerTick", at: next.at, apartMs: 0, firedAt: next.at });
    } else if (next.type === "report") tell(led(next.report));
    else {
      const behaviour = behaviours[next.attemptIndex] ?? "silent";
      const made = rehearseCall(next, { request, account, state, behaviour });
      if (made.wasCalled) callCounts[next.attemptIndex] = (callCounts[next.attemptIndex] ?? 0) + 1;
      agenda.push(...made.next);
    }
  }
  throw new Error(`A rehearsal of ${input.steps.length} steps does not end.`);
}

function isAbout(report: StatusReportInput, attemptIndex: number): boolean {
  return report.attemptIndex === attemptIndex;
}

function toCall(event: FallbackEvent): Agenda {
  if (event.type !== "ATTEMPT_STARTED") return [];
  const { at, attemptIndex } = event;
  return [{ type: "call", at, attemptIndex, tries: { refusalCount: 0, lossCount: 0 } }];
}
