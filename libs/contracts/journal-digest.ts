// What a restore reads of a journal entry: enough to say what becomes of it in Redis, without its words.
import { PoisonRecordError } from "#libs/errors.ts";
import { isInstant } from "./bound.ts";
import type { Read } from "./codec.ts";
import type { Wanted } from "./digest.ts";
import type {
  Attempt,
  AttemptPart,
  JournalEntry,
  MessageState,
  StoryEvent,
} from "./generated/types.ts";
import { ID_BYTES_MAX, INT_MAX } from "./limits.ts";

export type AttemptDigest = Pick<
  Attempt,
  "startedAt" | "deadlineAt" | "status" | "endedAt" | "noted" | "provider" | "providerMessageId"
> & { parts: Pick<AttemptPart, "providerMessageId">[] };
export type JournalDigest = Pick<
  JournalEntry,
  "messageId" | "accountId" | "version" | "at" | "request"
> & {
  state: Pick<MessageState, "phase" | "scheduledAt" | "expiresAt"> & { attempts: AttemptDigest[] };
  story: Pick<StoryEvent, "at">[];
};

export const journalDigestFields = {
  messageId: true,
  accountId: true,
  version: true,
  at: true,
  request: true,
  state: {
    phase: true,
    scheduledAt: true,
    expiresAt: true,
    attempts: {
      startedAt: true,
      deadlineAt: true,
      status: true,
      endedAt: true,
      noted: true,
      provider: true,
      providerMessageId: true,
      parts: { providerMessageId: true },
    },
  },
  story: { at: true },
} satisfies Wanted;

/** What stands in for an entry in Redis must be one that everybody can work with. */
export function admitDigest(value: JournalDigest): Read<JournalDigest> {
  const { messageId, version, at, state } = value;
  const { scheduledAt, expiresAt, attempts } = state;
  const isWithin =
    messageId !== "" &&
    Buffer.byteLength(messageId) <= ID_BYTES_MAX &&
    version > 0 &&
    version <= INT_MAX &&
    isInstant(at) &&
    isInstant(scheduledAt ?? 0) &&
    isInstant(expiresAt ?? 0) &&
    attempts.every(({ deadlineAt }) => isInstant(deadlineAt));
  return isWithin
    ? { value, faults: [] }
    : new PoisonRecordError("An id, a version or an instant of the entry is out of bounds.");
}

/** Of a request, when it was made: that places its message in the list of its account's. */
export type RequestDigest = { requestedAt: number };
export const requestDigestFields = { requestedAt: true } satisfies Wanted;

/** Whatever it says: an instant from outside is held against others where it is used. */
export function admitRequestDigest(value: RequestDigest): Read<RequestDigest> {
  return { value, faults: [] };
}
