// What the parts of an attempt amount to. A long SMS may be taken in several parts, each with an id
// of its own: the person has it once every part is there, and it fails with the first that fails.
import type { StatusReportInput } from "./inputs.ts";
import type { Attempt, AttemptPart } from "./state.ts";
import {
  type AttemptStatus,
  type FailureStatus,
  furthest,
  hasReached,
  isFailure,
  least,
  type SuccessStatus,
} from "./words.ts";

/** A long SMS counts its parts in one byte. */
const PART_COUNT_MAX = 255;

/** An attempt's parts, none where it is in one piece, and its status, once a word was heard. */
export type Heard = { parts: AttemptPart[]; status: AttemptStatus };

/**
 * The attempt after `status` was reported. A word with the id of a part is about that part; any other
 * is about the whole. Once the parts are known, words amount to the same in whatever order they come
 * and however often.
 */
export function hear(attempt: Attempt, report: StatusReportInput, status: AttemptStatus): Heard {
  const known = attempt.parts.map((part) => part.providerMessageId);
  const named = namedIds(attempt, report, status);
  const ids = [...new Set([...known, ...named])].slice(0, PART_COUNT_MAX);
  if (ids.length === 0) return { parts: [], status: furthest(status, attempt.status) };
  const { providerMessageId, providerMessageIds } = report;
  const isWhole = status === "ACCEPTED" && providerMessageIds.length > 1;
  const subject = isWhole ? undefined : ids.find((id) => id === providerMessageId);
  const parts = ids.map((id, index) => {
    const heard = attempt.parts[index] ?? newPart(id, attempt.status);
    return subject === undefined || subject === id ? withWord(heard, status) : heard;
  });
  return { parts, status: furthest(sumOf(parts), attempt.status) };
}

/** True if the parts have come further, though the whole may not have. */
export function hasPartNews(attempt: Attempt, { parts }: Heard): boolean {
  return parts.some((part, index) => {
    const known = attempt.parts[index];
    return part.success !== known?.success || part.failure !== known.failure;
  });
}

/**
 * True if a report is about something that the provider did not say that it took. Where it has said
 * nothing, as before its answer or after a lost one, any id may be the attempt's. Beside ids that are known an
 * acceptance brings others only where the dispatcher has linked them: anybody may write one to the topic.
 */
export function hasUnknownId(report: StatusReportInput, attempt: Attempt): boolean {
  const { providerMessageId: id, providerMessageIds: listed, status, isLinked } = report;
  if (attempt.parts.length === 0) return false;
  const named = id === null ? [] : [id];
  if (status !== "ACCEPTED")
    return named.some((one) => !hasId(attempt, one) && !listed.includes(one));
  return !isLinked && [...named, ...listed].some((one) => !hasId(attempt, one));
}

/** True if a provider's id is one of the attempt's. */
export function hasId({ providerMessageId, parts }: Attempt, id: string): boolean {
  return providerMessageId === id || parts.some((part) => part.providerMessageId === id);
}

/**
 * The ids that a report says the attempt has: its list of parts, or what was accepted, first or beside
 * others. After a lost answer another acceptance is another copy, and no part: any of them will do.
 */
function namedIds(attempt: Attempt, report: StatusReportInput, status: AttemptStatus): string[] {
  const { providerMessageId, providerMessageIds } = report;
  if (providerMessageIds.length > 1) return providerMessageIds;
  if (status !== "ACCEPTED" || providerMessageId === null) return [];
  if (attempt.noted.includes("UNKNOWN")) return [];
  return [providerMessageId];
}

/** It takes over what was said of the whole. */
function newPart(providerMessageId: string, status: AttemptStatus | null): AttemptPart {
  const part: AttemptPart = { providerMessageId, success: "ACCEPTED", failure: null };
  return status === null ? part : withWord(part, status);
}

/** A failure says more than `SENT`, as on the ladder. */
function withWord(part: AttemptPart, word: AttemptStatus): AttemptPart {
  if (!isFailure(word)) return { ...part, success: furthest<SuccessStatus>(word, part.success) };
  const success = furthest<SuccessStatus>("SENT", part.success);
  return { ...part, success, failure: furthest<FailureStatus>(word, part.failure) };
}

/** As far as its slowest part, unless one has failed and not every one has arrived after all. */
function sumOf(parts: readonly AttemptPart[]): AttemptStatus {
  const slowest = least(parts.map(({ success }) => success));
  if (hasReached(slowest)) return slowest;
  const failures = parts.flatMap(({ failure }) => failure ?? []);
  return failures.reduce<AttemptStatus>((worst, failure) => furthest(failure, worst), slowest);
}
