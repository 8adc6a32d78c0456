// A message as a list shows it.

import type { KnownMessage } from "#libs/dialects/dialect.ts";
import { showInstant } from "#libs/show-instant.ts";
import { recipientView } from "./recipient-view.ts";

/** Instants are ISO 8601 in UTC. What does not apply is null here and left out of the answer. */
export function messageSummary({ entry, request }: KnownMessage) {
  const { phase, outcome, revision, duplicate, lateSuccess, attempts } = entry.state;
  const end = entry.story.findLast(({ type }) => type === "MESSAGE_ENDED");
  return {
    messageId: entry.messageId,
    clientMessageId: request.clientMessageId,
    batchId: request.batchId,
    phase,
    outcome,
    revision,
    duplicate,
    lateSuccess,
    channel: channelOf(entry.state),
    attemptCount: attempts.length,
    recipient: recipientView(request.recipient),
    requestedAt: showInstant(request.requestedAt),
    endedAt: end ? showInstant(end.at) : null,
  };
}

/** The channel that got through, else the one that is being tried. */
function channelOf(state: KnownMessage["entry"]["state"]): string | null {
  const { phase, attempts, steps, succeededIndex } = state;
  const runningIndex = phase === "RUNNING" ? attempts.length - 1 : -1;
  return steps[succeededIndex ?? runningIndex]?.channel ?? null;
}
