// A rehearsal as it is answered: how it ends and why, with times from the request on.

import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { costView } from "#libs/dialects/native/message-view.ts";
import { toStoryEvent } from "#libs/message-flow/transition.ts";
import { type MessageCosts, messageCosts } from "#libs/prices/message-costs.ts";
import { duplicateReason } from "#libs/rehearsal/duplicate-reason.ts";
import { duplicateRisk } from "#libs/rehearsal/duplicate-risk.ts";
import { endingOf } from "#libs/rehearsal/ending.ts";
import type { Rehearsed } from "#libs/rehearsal/rehearse.ts";
import type { Account } from "#libs/settings/account.ts";
import { showInstant } from "#libs/show-instant.ts";
import { tellStory } from "#libs/story/tell-story.ts";
import { toldSteps } from "#libs/story/told-steps.ts";

export type Stage = {
  request: SendRequest;
  account: Account;
  /** Whether it has real instants; a flow has only durations. */
  isMessage: boolean;
};

/** What does not apply is null here and left out of the answer. */
export function rehearsalView(rehearsed: Rehearsed, stage: Stage) {
  const { request, account } = stage;
  const { state } = rehearsed;
  const costs = messageCosts(state, request, account);
  const found = duplicateRisk(rehearsed);
  return {
    behaviours: behavioursView(rehearsed),
    ...endingOf(rehearsed),
    duplicateRisk: found.risk,
    duplicateReason: duplicateReason(found, state.steps),
    cost: costs && costView(costs.total, costs),
    extraCost: costs && state.duplicate ? costView(costs.extra, costs) : null,
    attempts: attemptsView(rehearsed, { startAt: request.requestedAt, costs }),
    story: storyView(rehearsed, stage),
  };
}

/** What the steps that started were assumed to do. */
export function behavioursView({ behaviours, state }: Rehearsed) {
  return behaviours.slice(0, state.attempts.length).map((behaviour, step) => ({
    step,
    channel: state.steps[step]?.channel,
    behaviour,
  }));
}

type Measures = { startAt: number; costs: MessageCosts | null };

function attemptsView({ state, callCounts }: Rehearsed, { startAt, costs }: Measures) {
  return state.attempts.map((attempt, attemptIndex) => {
    const { status, startedAt, endedAt, errorCode, errorClass, segmentCount } = attempt;
    return {
      attemptIndex,
      channel: state.steps[attemptIndex]?.channel,
      status,
      startedAfterMs: startedAt - startAt,
      endedAfterMs: endedAt === null ? null : endedAt - startAt,
      callCount: callCounts[attemptIndex] ?? 0,
      errorCode,
      errorClass,
      segmentCount,
      cost: costs && costView(costs.attempts[attemptIndex] ?? null, costs),
    };
  });
}

function storyView({ events, state }: Rehearsed, { request, isMessage }: Stage) {
  const story = events.map(toStoryEvent);
  const sentences = tellStory(story, toldSteps(state.steps, request));
  return story.map(({ at, type, rule, attemptIndex, status, errorCode }, index) => ({
    afterMs: at - request.requestedAt,
    at: isMessage ? showInstant(at) : null,
    type,
    rule,
    attemptIndex,
    channel: state.steps[attemptIndex ?? -1]?.channel,
    status,
    errorCode,
    text: sentences[index],
  }));
}
