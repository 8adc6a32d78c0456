// The fallback rule: try a flow's channels in order, move on when one fails or stays silent, stop at
// the first success, and say why. No I/O, no clock, no randomness: time comes in with the input, so
// a replayed topic yields the same decisions. An input that no longer matters decides nothing.
import { decideReport } from "./decide-report.ts";
import { decideTick } from "./decide-tick.ts";
import type { CancelRequested, FallbackEvent, RequestAccepted, RequestFault } from "./events.ts";
import {
  type CancelInput,
  type FallbackInput,
  type FallbackRules,
  fallbackRules,
  type SendRequestInput,
} from "./inputs.ts";
import { end, start } from "./progress.ts";
import { isExpired, type MessageState } from "./state.ts";

/** The seeds' vendors have two or three steps; ten is the limit of the contract. */
const STEP_COUNT_MAX = 10;

/**
 * What `input` leads to. The same input decided again, at any later time, decides nothing new, unless
 * it is a report that was not believed for its id, and that id has become the attempt's since.
 */
export function decide(
  input: FallbackInput,
  state: MessageState,
  rules: FallbackRules = fallbackRules,
): FallbackEvent[] {
  switch (input.type) {
    case "SendRequest":
      return decideRequest(input, state, rules);
    case "StatusReport":
      return decideReport(input, state, rules);
    case "TimerTick":
      return decideTick(input, state, rules);
    case "Cancel":
      return decideCancel(input, state);
  }
}

function decideRequest(
  request: SendRequestInput,
  state: MessageState,
  rules: FallbackRules,
): FallbackEvent[] {
  const { at, apartMs } = request;
  if (state.phase !== "NEW" && state.phase !== "RECALLED") return [];
  if (at - apartMs - request.requestedAt > rules.acceptanceWindowMs) {
    return [
      end(state, { outcome: "REJECTED", rule: "stale-request", at, ...refusedFor([staleFault]) }),
    ];
  }
  const faults = request.faults.length > 0 ? request.faults : stepCountFaults(request.steps.length);
  if (faults.length > 0) {
    return [
      end(state, { outcome: "REJECTED", rule: "invalid-request", at, ...refusedFor(faults) }),
    ];
  }
  const accepted = accept(request);
  if (state.phase === "RECALLED")
    return [accepted, end(state, { outcome: "CANCELED", rule: "canceled", at })];
  if (accepted.rule === "scheduled" && !isExpired(request, at - apartMs)) return [accepted];
  return [accepted, start({ ...request, attempts: [] }, { attemptIndex: 0, at, apartMs }, rules)];
}

function accept(request: SendRequestInput): RequestAccepted {
  const { at, apartMs, steps, scheduledAt, expiresAt, lateReports } = request;
  const isLater = scheduledAt !== null && scheduledAt > at - apartMs;
  const rule = isLater ? "scheduled" : "accepted";
  const dueAt = isLater ? scheduledAt : at;
  return { type: "REQUEST_ACCEPTED", at, rule, steps, scheduledAt, expiresAt, lateReports, dueAt };
}

const staleFault: RequestFault = {
  code: "stale-request",
  path: "/requestedAt",
  words: "is more than 24 hours ago",
};

function refusedFor(faults: RequestFault[]) {
  return { detail: faults[0]?.code ?? null, faults };
}

function stepCountFaults(count: number): RequestFault[] {
  const path = "/steps";
  if (count === 0) return [{ code: "no-steps", path, words: "must not be empty" }];
  if (count <= STEP_COUNT_MAX) return [];
  return [{ code: "too-many-steps", path, words: `has more than ${STEP_COUNT_MAX} of them` }];
}

/** A cancel stops what has not started; one that overtakes its request is remembered. */
function decideCancel({ at, reason }: CancelInput, state: MessageState): FallbackEvent[] {
  const requested = (rule: CancelRequested["rule"]): CancelRequested => {
    return { type: "CANCEL_REQUESTED", at, rule, detail: reason };
  };
  switch (state.phase) {
    case "NEW":
      return [requested("cancel-before-request")];
    case "SCHEDULED":
    case "RUNNING":
      return [requested("cancel"), end(state, { outcome: "CANCELED", rule: "canceled", at })];
    case "RECALLED":
    case "ENDED":
      return [];
  }
}
