// The part of the auditor that holds what was done against what was asked for, and the last word against what is known.
import type {
  DispatchCommand,
  FlowStep,
  JournalEntry,
  MessageOutcome,
  SendRequest,
} from "#libs/contracts/generated/types.ts";

/** What says least first. A failure is none of them. */
const SUCCESSES = ["ACCEPTED", "SENT", "DELIVERED", "READ"];

type Told<T> = readonly { key: string; value: T }[];

type Done = {
  requests: Told<SendRequest>;
  commands: Told<DispatchCommand>;
  outcomes: Told<MessageOutcome>;
  /** Of each message. */
  newest: readonly JournalEntry[];
};

/** Sentences, one for each breach. */
export function auditAsAsked({ requests, commands, outcomes, newest }: Done): string[] {
  const entries = new Map(newest.map((entry) => [entry.messageId, entry]));
  const asked = Map.groupBy(requests, ({ value }) => value.messageId);
  return [
    ...[...commands, ...outcomes].flatMap(({ key, value: { messageId } }) =>
      key === messageId ? [] : [`a record of ${messageId} lies under the key of ${key}`],
    ),
    ...newest.flatMap((entry) => [...waitsAreWhole(entry), ...lastWordIsTrue(entry)]),
    ...commands.flatMap(({ value }) => {
      const step = entries.get(value.messageId)?.state.steps[value.attemptIndex];
      return isAsAsked(value, step, asked.get(value.messageId) ?? [])
        ? []
        : [`command ${value.commandId} is not what was asked for`];
    }),
    ...outcomes.flatMap(({ value }) =>
      isOfItsAttempt(value, entries.get(value.messageId))
        ? []
        : [`outcome ${value.messageId}#${value.revision} names another attempt's channel`],
    ),
  ];
}

/** Guarantee 2: no step is given less time than it was promised. */
function waitsAreWhole({ messageId, story, state }: JournalEntry): string[] {
  return story.flatMap(({ type, at, dueAt, attemptIndex }) => {
    if (type !== "ATTEMPT_STARTED") return [];
    const waitMs = state.steps[attemptIndex ?? -1]?.waitMs ?? 0;
    const givenMs = (dueAt ?? 0) - at;
    return givenMs >= waitMs
      ? []
      : [`${messageId}: step ${attemptIndex} is given ${givenMs} ms, and not ${waitMs}`];
  });
}

/**
 * Guarantee 1: a message has succeeded where an attempt has, whatever was heard of that since, and is given up when all
 * its steps are.
 */
function lastWordIsTrue({ messageId, story, state }: JournalEntry): string[] {
  const { outcome, attempts, steps } = state;
  if (outcome === null) return [];
  const hasSucceeded = story.some(
    ({ type, status, attemptIndex }) =>
      type === "STATUS_CHANGED" && satisfies(status, steps[attemptIndex ?? -1]),
  );
  const breaches =
    hasSucceeded === (outcome === "SUCCEEDED") ? [] : [`${messageId} is ${outcome} and is not`];
  const isUsedUp = story.some(({ rule }) => rule === "all-steps-used");
  if (isUsedUp && attempts.length < steps.length) {
    breaches.push(`${messageId} was given up with steps left`);
  }
  return breaches;
}

function satisfies(status: string | null, step: FlowStep | undefined): boolean {
  const reached = SUCCESSES.indexOf(status ?? "");
  return step !== undefined && reached >= 0 && reached >= SUCCESSES.indexOf(step.wanted);
}

/** On its step's channel, from there, for so long, and to whom the request, or its step, names. */
function isAsAsked(
  { channel, waitMs, recipient, attemptIndex }: DispatchCommand,
  step: FlowStep | undefined,
  requests: Told<SendRequest>,
): boolean {
  if (step && (step.channel !== channel || step.waitMs !== waitMs)) return false;
  const named = requests.map(
    ({ value }) => value.steps[attemptIndex]?.recipient ?? value.recipient,
  );
  return (
    named.length === 0 ||
    named.some(({ msisdn }) => digitsOf(msisdn) === digitsOf(recipient.msisdn))
  );
}

function digitsOf(number: string | null): string | undefined {
  return number?.replace(/\D/g, "");
}

function isOfItsAttempt(
  { channel, attemptIndex }: MessageOutcome,
  entry: JournalEntry | undefined,
): boolean {
  return attemptIndex === null || !entry || entry.state.steps[attemptIndex]?.channel === channel;
}
