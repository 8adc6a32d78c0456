// How far the messages of a workflow had come at an event of its story. A report says what was known
// then, whatever has come since: it is told again and again the same.
import type { AttemptStatus, JournalEntry } from "#libs/contracts/generated/types.ts";
import type { ToldMessage } from "#libs/dialects/dialect.ts";
import { type MessageCosts, messageCosts } from "#libs/prices/message-costs.ts";

type Stories = Pick<JournalEntry, "story" | "state">;

/** The furthest status of each message up to the event at `index`; null for one without a word. */
export function statusesAt({ story, state }: Stories, index: number): (AttemptStatus | null)[] {
  return state.attempts.map(({ status }, attemptIndex) => {
    const changes = story.flatMap((event, place) => {
      return event.type === "STATUS_CHANGED" && event.attemptIndex === attemptIndex
        ? [{ place, status: event.status }]
        : [];
    });
    // What has not changed since is as it stands: a long story lacks its beginning.
    if (changes.every(({ place }) => place <= index)) return status;
    const said = changes.findLast(({ place }) => place <= index)?.status ?? null;
    return said === "UNREAD" ? null : said;
  });
}

/** What they cost by then; null for an account without a price list. */
export function costsAt(
  { entry, request, prices }: ToldMessage,
  index: number,
): MessageCosts | null {
  const statuses = statusesAt(entry, index);
  const attempts = entry.state.attempts.map(({ segmentCount }, attemptIndex) => {
    return { status: statuses[attemptIndex] ?? null, segmentCount };
  });
  return messageCosts({ steps: entry.state.steps, attempts }, request, { prices });
}
