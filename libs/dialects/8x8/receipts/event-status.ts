// What an event of a message's story says of its channel, in 8x8's words.
import type { AttemptStatus, JournalEntry, StoryEvent } from "#libs/contracts/generated/types.ts";
import { type RowStatus, rowStatus } from "#libs/dialects/8x8/rows/row-status.ts";
import { lastStatus, toldAttemptIndex } from "#libs/dialects/told-attempt.ts";
import { hasReached, isOnItsWay } from "#libs/fallback/words.ts";
import { showInstant } from "#libs/show-instant.ts";

/** https://developer.8x8.com/connect/docs/delivery-error-codes */
const EXPIRED = { errorCode: 36, errorMessage: "Expired" };
const ABORTED = { errorCode: 25, errorMessage: "Aborted by network or user" };

/** Ends that no status brings about: without an event of their own nobody would hear of them. */
const SILENT_ENDS: ReadonlySet<string> = new Set([
  "closing-window-ended",
  "listening-ended",
  "expired",
  "canceled",
  "stale-request",
  "invalid-request",
]);

/** Changes of status, steps that were left without a failure, and ends that no status brings about. */
export function hasStatus({ type, rule }: Pick<StoryEvent, "type" | "rule">): boolean {
  if (type === "ATTEMPT_LEFT") return rule !== "failure-report";
  return type === "STATUS_CHANGED" || (type === "MESSAGE_ENDED" && SILENT_ENDS.has(rule));
}

type Told = Pick<JournalEntry, "story">;

/**
 * What was told last of an attempt, at the instant of its news; of index 0 also where none was
 * started. undefined: nothing was told.
 */
export function toldStatus({ story }: Told, attemptIndex: number): RowStatus | undefined {
  const index = story.findLastIndex((event, at) => {
    const isTold = hasStatus(event) && toldAttemptIndex(story, at) === attemptIndex;
    return isTold && (event.type === "STATUS_CHANGED" || isOver(statusOf({ story }, at)));
  });
  return index < 0 ? undefined : statusOf({ story }, index);
}

/** That a step or the message ended says something new only where it failed by that. */
function isOver({ errorCode }: RowStatus): boolean {
  return errorCode !== undefined;
}

/** As the status was when the event happened, whatever has followed since. */
export function statusOf({ story }: Told, index: number): RowStatus {
  const event = story[index];
  if (!event) throw new RangeError(`The story has no event ${index}.`);
  const before = story.slice(0, index);
  if (event.type === "MESSAGE_ENDED") return endStatus(event, lastStatus(before));
  return statusOverBefore(event, before) ?? ownStatus(event);
}

/** That it is on its way takes back nothing: who was told that it is over hears the same again. */
function statusOverBefore(event: StoryEvent, before: StoryEvent[]): RowStatus | undefined {
  const { type, status, attemptIndex } = event;
  if (type !== "STATUS_CHANGED" || attemptIndex === null || !isOnItsWay(status)) return undefined;
  const told = toldStatus({ story: before }, attemptIndex);
  return told && isOver(told) ? { ...told, timestamp: showInstant(event.at) } : undefined;
}

function ownStatus(event: StoryEvent): RowStatus {
  // UNREAD says that time passed; no attempt has it as its status.
  const status = event.status === "UNREAD" ? "UNKNOWN" : event.status;
  const { at, errorClass, errorCode } = event;
  // Its time is over: by the sender's own rule that is a failure, though it may still arrive.
  const isLate = event.type === "ATTEMPT_LEFT" && !isReached(status);
  return rowStatus({ status: isLate ? "EXPIRED" : status, errorClass, errorCode }, at);
}

function endStatus({ at, rule }: StoryEvent, status: AttemptStatus | null): RowStatus {
  const known = (word: AttemptStatus | null) =>
    rowStatus({ status: word, errorClass: null, errorCode: null }, at);
  if (rule === "invalid-request") {
    return rowStatus({ status: "REJECTED", errorClass: "SENDER", errorCode: null }, at);
  }
  if (rule === "stale-request") return { ...known("REJECTED"), ...EXPIRED };
  if (isReached(status)) return known(status);
  if (rule === "expired") return known("EXPIRED");
  if (rule === "canceled") return { ...known("UNDELIVERED"), ...ABORTED };
  // No final word came. Sent is said once more, as the last that will be; nobody stays queued.
  return known(status === "SENT" ? "SENT" : "EXPIRED");
}

function isReached(status: AttemptStatus | null): boolean {
  return status !== null && status !== "UNKNOWN" && hasReached(status);
}
