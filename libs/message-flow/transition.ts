// One step of a message's life, purely: what is stored and what it is told give what is stored next.
import type {
  JournalEntry,
  SendRequest,
  MessageState as StoredState,
  StoryEvent,
} from "#libs/contracts/generated/types.ts";
import { STORY_LENGTH_MAX } from "#libs/contracts/limits.ts";
import { WaitsAloneError } from "#libs/errors.ts";
import { decide } from "#libs/fallback/decide.ts";
import type { FallbackEvent } from "#libs/fallback/events.ts";
import { evolve } from "#libs/fallback/evolve.ts";
import type { FallbackRules } from "#libs/fallback/inputs.ts";
import { initialState, type MessageState, timerDueAt } from "#libs/fallback/state.ts";
import { type MessageInput, type Reading, toFallbackInput } from "./message-input.ts";

export type Context = Reading & { rules: FallbackRules };

export type Moved = {
  before: MessageState;
  after: MessageState;
  events: FallbackEvent[];
  entry: JournalEntry;
  /** The request, where this transition took it; null where it was there before. */
  taken: SendRequest | null;
};

/**
 * Applies `inputs` in order to a message. null: they decide nothing, nothing is to be stored.
 * Throws WaitsAloneError for a state that only a newer version of this program can read.
 */
export function transition(
  messageId: string,
  stored: JournalEntry | null,
  inputs: readonly MessageInput[],
  context: Context,
): Moved | null {
  const base = ownEntry(messageId, stored, inputs);
  const own = inputs.filter(
    (input) => !("accountId" in input) || input.accountId === base.accountId,
  );
  const before = knownState(base.state);
  let after = before;
  const events: FallbackEvent[] = [];
  for (const input of own) {
    const read = toFallbackInput(input, { ...context, accountId: base.accountId });
    const decided = decide(read, after, context.rules);
    after = decided.reduce(evolve, after);
    events.push(...decided);
  }
  if (events.length === 0) return null;
  const sent = base.request ? undefined : own.find((input) => input.type === "SendRequest");
  const entry = nextEntry(base, { sent, after, events }, context);
  return { before, after, events, entry, taken: sent?.request ?? null };
}

/**
 * The message as its owner left it. An account can neither cancel nor overwrite another account's
 * message: it belongs to whoever requested it, and a cancel that came before counts only if it was
 * of the same account.
 */
export function ownEntry(
  messageId: string,
  stored: JournalEntry | null,
  inputs: readonly MessageInput[],
): JournalEntry {
  if (stored?.request) return stored;
  const cancelled = inputs.find((input) => input.type === "Cancel")?.accountId;
  const requested = inputs.find((input) => input.type === "SendRequest")?.accountId;
  const accountId = requested ?? stored?.accountId ?? cancelled ?? "";
  if (stored && stored.accountId === accountId) return stored;
  return { ...blankEntry(messageId), accountId, version: stored?.version ?? 0 };
}

function blankEntry(messageId: string): JournalEntry {
  return {
    messageId,
    accountId: "",
    version: 0,
    at: 0,
    traceparent: null,
    request: null,
    state: initialState,
    story: [],
    newEventCount: 0,
  };
}

type SendInput = Extract<MessageInput, { type: "SendRequest" }>;
type Decided = { sent: SendInput | undefined; after: MessageState; events: FallbackEvent[] };

function nextEntry(base: JournalEntry, decided: Decided, context: Context): JournalEntry {
  const { sent, after, events } = decided;
  const story = [...base.story, ...events.map(toStoryEvent)].slice(-STORY_LENGTH_MAX);
  return {
    messageId: base.messageId,
    accountId: base.accountId,
    version: base.version + 1,
    at: context.now,
    traceparent: base.traceparent ?? sent?.traceparent ?? null,
    request: sent?.bytes ?? base.request,
    state: after,
    story,
    newEventCount: Math.min(events.length, story.length),
  };
}

const blankEvent = {
  attemptIndex: null,
  status: null,
  errorCode: null,
  errorClass: null,
  detail: null,
  faults: [],
  dueAt: null,
  outcome: null,
  revision: null,
  duplicate: false,
  charge: null,
  route: null,
  revocation: null,
};

/** The event as the journal keeps it. */
export function toStoryEvent(event: FallbackEvent): StoryEvent {
  return { ...blankEvent, ...event };
}

function knownState(state: StoredState): MessageState {
  if (isKnown(state)) return state;
  throw new WaitsAloneError(
    "a newer version of this program",
    "A newer version wrote this message's state: upgrade this process.",
  );
}

/** `UNKNOWN` is what Avro makes of a word that this version does not have. */
export function isKnown(state: StoredState): state is MessageState {
  return (
    state.phase !== "UNKNOWN" &&
    state.outcome !== "UNKNOWN" &&
    state.lateReports !== "UNKNOWN" &&
    state.steps.every((step) => step.wanted !== "UNKNOWN" && step.onFailure !== "UNKNOWN") &&
    state.attempts.every(({ status, parts }) => status !== "UNKNOWN" && parts.every(isKnownPart))
  );
}

function isKnownPart({ success, failure }: StoredState["attempts"][number]["parts"][number]) {
  return success !== "UNKNOWN" && failure !== "UNKNOWN";
}

/** When the message's timer is due in this state, epoch ms; null: it has none. */
export function dueAfter({ state }: Pick<JournalEntry, "state">): number | null {
  return timerDueAt(knownState(state));
}
