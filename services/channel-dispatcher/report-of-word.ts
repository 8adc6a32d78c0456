import type { CallRoute, DispatchCommand, StatusReport } from "#libs/contracts/generated/types.ts";
import type { Word } from "#libs/dispatch-rules/conclude.ts";

/**
 * The status report on a command. A word of the same kind on the same command has the same reportId,
 * whichever dispatcher says it.
 */
export function reportOfWord(
  word: Word,
  { commandId, messageId, attemptIndex, channel }: DispatchCommand,
  { provider, route, nowMs }: { provider: string; route: CallRoute | null; nowMs: number },
): StatusReport {
  const kind =
    word.status === "UNKNOWN" ? (word.errorCode ?? "unknown") : word.status.toLowerCase();
  const at = Math.round(nowMs);
  return {
    reportId: `${commandId}:${kind}`,
    messageId,
    attemptIndex,
    provider,
    providerMessageId: word.providerMessageId ?? null,
    providerMessageIds: word.providerMessageIds ?? [],
    channel,
    status: word.status,
    errorCode: word.errorCode ?? null,
    errorClass: word.errorClass ?? null,
    errorText: word.errorText ?? null,
    segmentCount: word.segmentCount ?? null,
    occurredAt: at,
    receivedAt: at,
    charge: null,
    route,
    revocation: null,
  };
}
