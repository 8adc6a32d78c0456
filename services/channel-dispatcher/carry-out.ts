// Carries a conclusion out: keeps and publishes the report, or lets the command come again.

import type { Conclusion, Word } from "#libs/dispatch-rules/conclude.ts";
import { type Asked, routeOf } from "#libs/dispatch-rules/pass-on.ts";
import { isLost } from "#libs/dispatch-rules/resolve-lost.ts";
import type { CommandInHand, DispatchDeps, End } from "./dispatch-deps.ts";
import { linkIds } from "./link-ids.ts";
import { lookUpLost } from "./look-up-lost.ts";
import { dropCounter, reportCounter, retryCounter } from "./metrics.ts";
import { persist } from "./persist.ts";
import { reportOfWord } from "./report-of-word.ts";

type Circumstances = {
  /** Whose word it is. */
  asked: Asked;
  nowMs: number;
  /** No call was made: the sender's token goes back. */
  isUncalled: boolean;
  deps: DispatchDeps;
};

/**
 * Does what was concluded: keeps and publishes a report, or gives the command back. Before a lost answer
 * costs anything, its provider is asked. Rejects while Redis or Kafka stays away.
 */
export async function carryOut(
  concluded: Conclusion,
  item: CommandInHand,
  circumstances: Circumstances,
): Promise<End> {
  const { asked, deps, isUncalled } = circumstances;
  const conclusion = await lookUpLost(concluded, item, circumstances);
  if (conclusion.type === "report") {
    const told = isLost(conclusion) ? withOwnId(conclusion.word, item, asked) : conclusion.word;
    const word = await linkIds(told, { ...item.command, ...asked }, deps);
    const report = encodeWord(word, item, circumstances);
    await keepAndPublish(item, { report, isUncalled }, deps);
    return "done";
  }
  const { because, notice, delayMs, passed } = conclusion;
  retryCounter.inc({ channel: deps.channel, reason: because });
  const lost = withOwnId(notice ?? { status: "UNKNOWN" }, item, asked);
  // Receipts of the call may come before another answer does.
  const word = because === "lost" ? await linkIds(lost, { ...item.command, ...asked }, deps) : null;
  // The notice first: once the command is put off, nobody would say it again.
  if (notice) await publish(item, encodeWord(word ?? notice, item, circumstances), deps);
  const { commandId } = item.command;
  const how = { delayMs, because, isUncalled, isAnswerLost: false, passed };
  await persist(() => deps.lanes.putOff(commandId, how), limitsOf(deps));
  deps.inHand.unanswered.delete(commandId);
  return "waits";
}

/** A word on a lost answer, with the id that it would have told where the provider has that from us. */
function withOwnId(word: Word, { command, routes }: CommandInHand, { provider }: Asked): Word {
  const adapter = routes.find((route) => route.provider === provider)?.adapter;
  return { ...word, providerMessageId: adapter?.ownId?.(command) ?? null };
}

/** Leaves a command that was not called for to whoever takes it next. */
export function giveBack(item: CommandInHand, deps: DispatchDeps): Promise<End> {
  return letRest(item, 0, deps);
}

/** Likewise, to whoever takes it in `delayMs` or later. */
export async function letRest(
  { command, isAbandoned }: CommandInHand,
  delayMs: number,
  { lanes }: DispatchDeps,
): Promise<End> {
  const how = { delayMs, because: "not-begun", isUncalled: true } as const;
  await lanes.putOff(command.commandId, { ...how, isAnswerLost: isAbandoned });
  return "waits";
}

/**
 * There is nothing to call for, and no news. `known`: a provider's word on the attempt is there already;
 * `revocation`: it was only to be taken back.
 */
export async function dropQuietly(
  { command }: CommandInHand,
  reason: "known" | "revocation",
  deps: DispatchDeps,
): Promise<End> {
  dropCounter.inc({ channel: deps.channel, reason });
  await deps.lanes.saveAnswer(command.commandId, { report: null, isUncalled: true });
  deps.inHand.unanswered.delete(command.commandId);
  return "done";
}

/** Side by side: if one of the two fails, the other still saves the answer from being lost. */
export async function keepAndPublish(
  item: Pick<CommandInHand, "command" | "taken">,
  answer: { report: Buffer; isUncalled: boolean },
  deps: DispatchDeps,
): Promise<void> {
  const { commandId } = item.command;
  const saving = persist(() => deps.lanes.saveAnswer(commandId, answer), limitsOf(deps));
  const publishing = publish(item, answer.report, deps);
  const [saved, published] = await Promise.allSettled([saving, publishing]);
  if (saved.status === "rejected") throw saved.reason;
  deps.inHand.unanswered.delete(commandId);
  if (published.status === "rejected") throw published.reason;
}

/** Publishes a report, again and again while Kafka is away, within the lease. */
export function publish(
  { command: { messageId }, taken: { traceparent } }: Pick<CommandInHand, "command" | "taken">,
  report: Buffer,
  deps: DispatchDeps,
): Promise<void> {
  return persist(() => deps.publish({ messageId, report, traceparent }), limitsOf(deps));
}

/** Beyond the lease somebody else may be at it. */
function limitsOf({ beginWithinMs, stopping }: DispatchDeps) {
  return { withinMs: beginWithinMs, stopping };
}

function encodeWord(
  word: Word,
  { command, taken }: CommandInHand,
  { asked, nowMs, deps }: Circumstances,
): Buffer {
  reportCounter.inc({ channel: deps.channel, status: word.status });
  const { provider } = asked;
  const route = routeOf(taken.passed, asked);
  return deps.reportCodec.encode(reportOfWord(word, command, { provider, route, nowMs }));
}
