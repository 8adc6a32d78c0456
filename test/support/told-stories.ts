// What an endpoint was told of messages, and what their stories say that it should have been told.
import type { Ledger } from "#test/support/audit.ts";
import type { Received } from "#test/support/webhook-receiver.ts";

const TOLD_TYPES = ["STATUS_CHANGED", "ATTEMPT_STARTED", "MESSAGE_ENDED", "OUTCOME_AMENDED"];

/** What was to be told of each message, from the newest entry of the journal. */
export function storiesOf(
  { journal }: Pick<Ledger, "journal">,
  messageIds: readonly string[],
): Map<string, string[]> {
  const newest = new Map(journal.map(({ value }) => [value.messageId, value.story]));
  return new Map(
    messageIds.map((messageId) => {
      const told = (newest.get(messageId) ?? []).filter(({ type }) => TOLD_TYPES.includes(type));
      return [
        messageId,
        told.map(({ at, attemptIndex, status }) => wordOf(at, attemptIndex, status)),
      ];
    }),
  );
}

/** The first arrival of every id, in the order of arrival, by message. */
export function toldStories(received: readonly Received[]): Map<string, string[]> {
  const ids = new Set<string>();
  const stories = new Map<string, string[]>();
  for (const { headers, body } of received) {
    const id = String(headers["webhook-id"]);
    const { at, data } = JSON.parse(body);
    const word = wordOf(Date.parse(at), data.attemptIndex, data.status);
    if (ids.has(id)) continue;
    ids.add(id);
    stories.set(data.messageId, [...(stories.get(data.messageId) ?? []), word]);
  }
  return stories;
}

function wordOf(at: number, attemptIndex: number | null, status: string | null): string {
  return `${at} ${attemptIndex ?? "-"} ${status ?? "-"}`;
}
