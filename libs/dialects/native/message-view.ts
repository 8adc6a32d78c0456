// A message as the native API shows it: where it stands, every attempt, and why it went as it did.

import type { Attempt, JournalEntry, StoryEvent } from "#libs/contracts/generated/types.ts";
import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { toProblemFault } from "#libs/dialects/native/send/refuse.ts";
import { type MessageCosts, messageCosts } from "#libs/prices/message-costs.ts";
import type { Account } from "#libs/settings/account.ts";
import { showInstant } from "#libs/show-instant.ts";
import { tellStory } from "#libs/story/tell-story.ts";
import { toldSteps } from "#libs/story/told-steps.ts";
import { recipientView } from "./recipient-view.ts";

/** Instants are ISO 8601 in UTC. What does not apply is null here and left out of the answer. */
export function messageView({ entry, request }: KnownMessage, account: Account) {
  const { state } = entry;
  const costs = messageCosts(state, request, account);
  return {
    messageId: entry.messageId,
    accountId: entry.accountId,
    clientMessageId: request.clientMessageId,
    phase: state.phase,
    outcome: state.outcome,
    revision: state.revision,
    duplicate: state.duplicate,
    lateSuccess: state.lateSuccess,
    recipient: recipientView(request.recipient),
    contentType: request.content.type,
    flowId: request.flowId,
    purpose: request.purpose,
    batchId: request.batchId,
    clientBatchId: request.clientBatchId,
    dialect: request.dialect,
    requestedAt: iso(request.requestedAt),
    scheduledAt: iso(state.scheduledAt),
    expiresAt: iso(state.expiresAt),
    steps: stepsView({ entry, request }),
    cost: costs && costView(costs.total, costs),
    extraCost: costs && state.duplicate ? costView(costs.extra, costs) : null,
    attempts: attemptsView(entry, costs),
    story: storyView({ entry, request }),
  };
}

/** Only where a message stands, and why. */
export function storyAnswer(message: KnownMessage) {
  const { messageId, state } = message.entry;
  const { phase, outcome } = state;
  return { messageId, phase, outcome, story: storyView(message) };
}

/** With what a step has of its own, but for what it says. */
function stepsView({ entry, request }: KnownMessage) {
  return entry.state.steps.map((step, index) => {
    const { recipient = null, clientMessageId = null } = request.steps[index] ?? {};
    return { ...step, recipient: recipient && recipientView(recipient), clientMessageId };
  });
}

function attemptsView({ state }: JournalEntry, costs: MessageCosts | null) {
  return state.attempts.map((attempt, attemptIndex) => ({
    attemptIndex,
    channel: state.steps[attemptIndex]?.channel,
    ...shownOf(attempt),
    startedAt: iso(attempt.startedAt),
    deadlineAt: iso(attempt.deadlineAt),
    endedAt: iso(attempt.endedAt),
    cost: costs && costView(costs.attempts[attemptIndex] ?? null, costs),
  }));
}

/** Without what the decider remembers for itself: the story tells it better. */
function shownOf({ noted: _noted, parts: _parts, refused: _refused, ...shown }: Attempt) {
  return shown;
}

/** An estimate by the account's price list of today, in 1/10,000 of the currency. */
export function costView(amount: number | null, { currency }: MessageCosts) {
  return amount === null ? null : { amount, currency };
}

function storyView({ entry: { story, state }, request }: KnownMessage) {
  const sentences = tellStory(story, toldSteps(state.steps, request));
  return story.map((event, index) => ({
    ...eventView(event),
    channel: state.steps[event.attemptIndex ?? -1]?.channel,
    text: sentences[index],
  }));
}

function eventView(event: StoryEvent) {
  const { at, dueAt, duplicate, faults, ...rest } = event;
  const told = faults.length === 0 ? null : faults.map(toProblemFault);
  return { at: iso(at), ...rest, faults: told, dueAt: iso(dueAt), duplicate: duplicate || null };
}

function iso(at: number | null): string | null {
  return at === null ? null : showInstant(at);
}
