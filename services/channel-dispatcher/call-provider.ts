// What is done with a command whose claim is ours.
import { type Admission, admit } from "#libs/dispatch-rules/admit.ts";
import { answerLost, type Conclusion, conclude } from "#libs/dispatch-rules/conclude.ts";
import { boundAnswer } from "#libs/providers/bound-answer.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { carryOut, dropQuietly, giveBack } from "./carry-out.ts";
import type { CommandInHand, DispatchDeps, End } from "./dispatch-deps.ts";
import { callSeconds, dropCounter } from "./metrics.ts";

/** Calls the provider if that still makes sense, and sees to what follows. */
export async function callProvider(item: CommandInHand, deps: DispatchDeps): Promise<End> {
  const { command, taken, isAbandoned } = item;
  const { state, nowMs } = await deps.loadState(command.messageId);
  if (deps.stopping.aborted) return giveBack(item, deps);
  const clock = clockFrom(nowMs);
  const { lossCount } = taken;
  const admission = admit({ command, isAbandoned, lossCount }, state, nowMs);
  if (admission.type === "drop") return dropQuietly(item, deps);
  if (admission.type !== "call") {
    const conclusion = withoutCall(admission, { item, nowMs, deps });
    return carryOut(conclusion, item, { nowMs, isUncalled: true, deps });
  }
  const isInTime = () => clock() < command.notAfter && performance.now() < item.beginBefore;
  const answer = await call(item, isInTime, deps);
  const isUncalled = answer.type === "late";
  // This process stood still for so long that another one may have the command by now.
  if (isUncalled && clock() < command.notAfter) return giveBack(item, deps);
  const conclusion = weigh(answer, { item, nowMs: clock(), deps });
  return carryOut(conclusion, item, { nowMs: clock(), isUncalled, deps });
}

async function call(
  { command, adapter }: CommandInHand,
  isInTime: () => boolean,
  { channel, inHand }: DispatchDeps,
): Promise<ProviderAnswer> {
  inHand.unanswered.add(command.commandId);
  const stopTimer = callSeconds.startTimer({ channel });
  const answer = boundAnswer(await adapter.dispatch(command, isInTime));
  stopTimer({ answer: answer.type });
  if (answer.type === "late") inHand.unanswered.delete(command.commandId);
  return answer;
}

type Weighing = { item: CommandInHand; nowMs: number; deps: DispatchDeps };

function withoutCall(admission: Admission, weighing: Weighing): Conclusion {
  if (admission.type === "expire") {
    const { errorCode } = admission;
    dropCounter.inc({ channel: weighing.deps.channel, reason: errorCode });
    return { type: "report", word: { status: "EXPIRED", errorCode } };
  }
  const text = "A dispatcher ended before the provider's answer was kept.";
  const mayRepeat = admission.type === "lost" && admission.mayRepeat;
  return mayRepeat ? weigh({ type: "unknown", text }, weighing) : answerLost(text);
}

function weigh(answer: ProviderAnswer, { item, nowMs, deps }: Weighing): Conclusion {
  const { command, taken, adapter } = item;
  const { refusalCount, lossCount } = taken;
  const takesIdempotencyKeys = adapter.takesIdempotencyKeys(command.channel);
  const { timeScale } = deps;
  const so = { command, refusalCount, lossCount, nowMs, takesIdempotencyKeys, timeScale };
  return conclude(answer, so);
}

/** The shard's clock, carried on by this process's own, which never jumps. */
function clockFrom(nowMs: number): () => number {
  const startedAt = performance.now();
  return () => nowMs + performance.now() - startedAt;
}
