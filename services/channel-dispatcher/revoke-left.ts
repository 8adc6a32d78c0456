// Takes back what earlier attempts may still deliver, before the next one is called for.
import type {
  DispatchCommand,
  LeftAttempt,
  StatusReport,
} from "#libs/contracts/generated/types.ts";
import { REVOKE_MS_MAX } from "#libs/contracts/limits.ts";
import { stillToRevoke } from "#libs/dispatch-rules/still-to-revoke.ts";
import { RetriableError } from "#libs/errors.ts";
import { blankReport } from "#libs/providers/blank-report.ts";
import { boundRevocation } from "#libs/providers/bound-answer.ts";
import type { RevocationAnswer } from "#libs/providers/provider-adapter.ts";
import type { CommandInHand, DispatchDeps } from "./dispatch-deps.ts";
import { revocationCounter } from "./metrics.ts";
import { within } from "./within.ts";

const GONE: RevocationAnswer = {
  outcome: "NO_ANSWER",
  code: "connection-gone",
  text: "The connection that took it is gone.",
};

/** A fault of ours, of whatever connection took it: it is worth no message of the next one. */
const FAILED: RevocationAnswer = { outcome: "NO_ANSWER", code: "failed" };

/** Nothing is to be sent: the command's own attempt is to be taken back. */
export function isRevocation({ revokes, attemptIndex }: DispatchCommand): boolean {
  return revokes.some((left) => left.attemptIndex === attemptIndex);
}

/**
 * Takes `REVOKE_MS_MAX` at most, whatever a provider does, and tells of each what came of it. A command
 * that comes again asks for nothing that was told; what was asked twice is taken back once.
 */
export async function revokeLeft(item: CommandInHand, deps: DispatchDeps): Promise<void> {
  const { revokes, messageId } = item.command;
  if (revokes.length === 0) return;
  const { state } = await deps.loadState(messageId);
  await Promise.all(stillToRevoke(revokes, state).map((left) => revokeOne(left, item, deps)));
}

async function revokeOne(
  left: LeftAttempt,
  item: CommandInHand,
  deps: DispatchDeps,
): Promise<void> {
  // The call that follows begins in time too.
  const withinMs = Math.min(REVOKE_MS_MAX, (item.beginBefore - performance.now()) / 2);
  const asking = ask(left, { item, withinMs, deps }).catch((error: unknown) => {
    deps.log.error({ err: error, messageId: item.command.messageId }, "a revocation failed");
    return FAILED;
  });
  const answer = boundRevocation(await within(withinMs, asking, { outcome: "NO_ANSWER" }));
  revocationCounter.inc({ channel: left.channel, outcome: answer.outcome });
  await tell(reportOf(answer, left, item), item, deps);
}

type Asking = { item: CommandInHand; withinMs: number; deps: DispatchDeps };

async function ask(left: LeftAttempt, { item, withinMs, deps }: Asking): Promise<RevocationAnswer> {
  const { attemptIndex, providerMessageIds: ids, channel, sender, recipient } = left;
  const adapter = deps.takerOf(left, item.command.accountId);
  if (!adapter) return GONE;
  const state = adapter.state?.();
  if (state?.type === "down") return { outcome: "NO_ANSWER", text: state.why };
  const commandId = `${item.command.messageId}:${attemptIndex}`;
  const taken = { commandId, ids, channel, sender, recipient };
  return (await adapter.revoke?.(taken, withinMs)) ?? GONE;
}

function reportOf(
  { outcome, code, text }: RevocationAnswer,
  { attemptIndex, channel, provider }: LeftAttempt,
  { command: { messageId } }: CommandInHand,
): StatusReport {
  // It is about the whole attempt, and not about one of its parts.
  const whole = { provider, providerMessageId: null, channel, receivedAt: Date.now() };
  return {
    ...blankReport(whole),
    reportId: `${messageId}:${attemptIndex}:${outcome.toLowerCase()}`,
    messageId,
    attemptIndex,
    status: "UNKNOWN",
    errorCode: code ?? null,
    errorText: text ?? null,
    revocation: outcome,
  };
}

/** What came of it is worth no message: where it cannot be told, the next step goes on all the same. */
async function tell(report: StatusReport, item: CommandInHand, deps: DispatchDeps): Promise<void> {
  const { messageId } = item.command;
  const { traceparent } = item.taken;
  try {
    await deps.publish({ messageId, report: deps.reportCodec.encode(report), traceparent });
  } catch (error) {
    if (!(error instanceof RetriableError)) throw error;
    deps.log.warn({ err: error, messageId }, "a revocation could not be told");
  }
}
