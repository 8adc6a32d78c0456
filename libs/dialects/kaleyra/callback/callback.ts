// The one callback of a flow: https://developers.kaleyra.io/docs/callback-profile-for-fallback-flow,
// with the words of the older failover beside it, for receivers that still read those:
// https://developers.kaleyra.io/docs/set-up-callback-profile-id (both looked up in November 2026).
import { createHash } from "node:crypto";
import type { Outcome } from "#libs/contracts/generated/types.ts";
import { stepClientMessageId, stepRecipient } from "#libs/contracts/own-of-step.ts";
import { bareAddress } from "#libs/dialects/bare-address.ts";
import { toUuid } from "#libs/dialects/batch-ids.ts";
import type { Tellable, TellableEvent, ToldMessage } from "#libs/dialects/dialect.ts";
import { showInstant } from "#libs/show-instant.ts";
import { isoDuration } from "./duration.ts";
import { deliveredOf, statusCodeOf } from "./statuses.ts";

/** What came to no run. Any other flow was carried out; only this is documented. */
const NOT_RUN: ReadonlyMap<Outcome, string> = new Map([
  ["REJECTED", "FAILED"],
  ["CANCELED", "CANCELED"],
]);

/** Once, at the end. */
export function tells({ type }: TellableEvent): boolean {
  return type === "MESSAGE_ENDED";
}

export function callback({ event }: Tellable, message: ToldMessage): string {
  const { messageId, state } = message.entry;
  const channels = state.attempts.map((_, index) => channelResult(message, index));
  const named = channels.map((channel, index) => [`channel${index + 1}`, channel] as const);
  return JSON.stringify({
    workflowInvocationId: messageId,
    executionStatus: NOT_RUN.get(event.outcome ?? "UNKNOWN") ?? "COMPLETED",
    timestamp: showInstant(event.at),
    result: Object.fromEntries(named),
    ...failoverWords(message, channels),
  });
}

function channelResult({ entry, request }: ToldMessage, index: number) {
  const { state, messageId } = entry;
  const step = state.steps[index];
  const channel = step?.channel ?? "";
  const statusCode = statusCodeOf(entry, index);
  // As the flow says it: a process that scales time waits less.
  const seconds = request.steps[index]?.waitSeconds ?? (step?.waitMs ?? 0) / 1000;
  return {
    createdAt: showInstant(state.attempts[index]?.startedAt ?? request.requestedAt),
    from: step?.sender ?? "",
    to: bareAddress(stepRecipient(request, index), channel),
    messageId: toUuid(createHash("sha256").update(`${messageId}:${index}`).digest()),
    clientMessageId: stepClientMessageId(request, index) ?? messageId,
    channel,
    statusCode,
    ...(statusCode === "TIMEOUT" && { timeout: isoDuration(seconds) }),
  };
}

type ChannelResult = ReturnType<typeof channelResult>;

/** Every value is a text there. `status_trace` has no documented form. */
function failoverWords({ entry, request }: ToldMessage, channels: readonly ChannelResult[]) {
  const { messageId, state } = entry;
  const lastIndex = state.succeededIndex ?? Math.max(0, channels.length - 1);
  const told = channels[lastIndex];
  return {
    kid: messageId,
    failover_id: `${messageId}:${lastIndex}`,
    config_id: request.flowId ?? "",
    delivered: deliveredOf(entry),
    channel_status_id: told?.messageId ?? "",
    channel: told?.channel ?? "",
    mobile: told?.to ?? "",
    email: "",
    status_trace: channels.map(({ channel, statusCode }) => `${channel}:${statusCode}`).join(","),
    channel_priority: String(lastIndex + 1),
  };
}
