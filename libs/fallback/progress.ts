// How a message moves: a step starts, a step is left, the message ends. Every decision that moves a
// message goes through these three.
import type {
  AttemptLeft,
  AttemptStarted,
  EndRule,
  FallbackEvent,
  MessageEnded,
  RequestFault,
} from "./events.ts";
import type { FallbackRules } from "./inputs.ts";
import { isExpired, type MessageState } from "./state.ts";
import { hasReached, type Outcome } from "./words.ts";

/** The flow as far as a move needs it: also before the request's own event was evolved. */
type Flow = Pick<MessageState, "steps" | "attempts" | "expiresAt">;

/**
 * Starts the step at `attemptIndex`, or ends the message where its own deadline has passed, by the earlier of two clocks
 * that are `apartMs` apart.
 */
export function start(
  flow: Flow,
  { attemptIndex, at, apartMs }: Pick<AttemptStarted, "attemptIndex" | "at"> & Apart,
  rules: FallbackRules,
): AttemptStarted | MessageEnded {
  if (isExpired(flow, at - apartMs)) return end(flow, { outcome: "EXPIRED", rule: "expired", at });
  // A step that is never left by time still ends: when reports about it are no longer taken. What
  // a step is given always counts from now, so an outage shortens nobody's window.
  const waitMs = flow.steps[attemptIndex]?.waitMs ?? rules.listeningMs;
  const rule = attemptIndex === 0 ? "first-step" : "next-step";
  return { type: "ATTEMPT_STARTED", at, rule, attemptIndex, dueAt: at + waitMs };
}

type Apart = { apartMs: number };

/** `onFailure`: what a failure leads to. */
type Leaving = Apart & { left: AttemptLeft; onFailure?: "NEXT" | "STOP" | undefined };

/** Leaves an attempt: the next step starts, or the message ends because there is none. */
export function leave(
  flow: Flow,
  { left, apartMs, onFailure = "NEXT" }: Leaving,
  rules: FallbackRules,
): FallbackEvent[] {
  const { at, attemptIndex } = left;
  if (left.rule === "failure-report" && onFailure === "STOP") {
    return [left, end(flow, { outcome: "EXHAUSTED", rule: "stopped-on-failure", at })];
  }
  if (attemptIndex + 1 >= flow.steps.length) {
    return [left, end(flow, { outcome: "EXHAUSTED", rule: "all-steps-used", at })];
  }
  return [left, start(flow, { attemptIndex: attemptIndex + 1, at, apartMs }, rules)];
}

/** Ends the message. `attemptIndex` names the attempt that got through. */
export function end(
  flow: Pick<MessageState, "attempts">,
  { outcome, rule, at, attemptIndex = null, detail = null, faults = [] }: Ending,
): MessageEnded {
  const duplicate = reachedCount(flow) >= 2;
  return {
    type: "MESSAGE_ENDED",
    at,
    rule,
    outcome,
    revision: 1,
    attemptIndex,
    duplicate,
    detail,
    faults,
  };
}

type Ending = {
  outcome: Outcome;
  rule: EndRule;
  at: number;
  attemptIndex?: number | null;
  detail?: string | null;
  faults?: RequestFault[];
};

/** How many attempts the recipient has got. */
export function reachedCount(flow: Pick<MessageState, "attempts">): number {
  return flow.attempts.filter((attempt) => hasReached(attempt.status)).length;
}
