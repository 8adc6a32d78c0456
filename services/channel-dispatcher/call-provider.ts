// What is done with a command whose claim is ours.
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { type Admission, admit } from "#libs/dispatch-rules/admit.ts";
import { answerLost, type Conclusion, conclude } from "#libs/dispatch-rules/conclude.ts";
import type { Tries } from "#libs/dispatch-store/claims.ts";
import { boundAnswer } from "#libs/providers/bound-answer.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { carryOut } from "./carry-out.ts";
import type { CommandInHand, DispatchDeps, End } from "./dispatch-deps.ts";
import { callSeconds, dropCounter } from "./metrics.ts";

type ClaimTries = Tries & { isAbandoned: boolean };

/** Calls the provider if that still makes sense, and sees to what follows. */
export async function callProvider(
  item: CommandInHand,
  tries: ClaimTries,
  deps: DispatchDeps,
): Promise<End> {
  const { command } = item;
  const { state, nowMs } = await deps.loadState(command.messageId);
  const clock = clockFrom(nowMs);
  const admission = admit({ command, ...tries }, state, nowMs);
  if (admission.type === "drop") {
    dropCounter.inc({ channel: deps.channel, reason: "known" });
    deps.inHand.unanswered.delete(command.commandId);
    return "done";
  }
  const isInTime = () => clock() < command.notAfter;
  const answer = admission.type === "call" ? await call(command, isInTime, deps) : undefined;
  const conclusion = answer
    ? weigh(answer, { command, tries, nowMs: clock(), deps })
    : withoutCall(admission, { command, tries, nowMs, deps });
  return carryOut(conclusion, item, { nowMs: clock(), deps });
}

async function call(
  command: DispatchCommand,
  isInTime: () => boolean,
  deps: DispatchDeps,
): Promise<ProviderAnswer> {
  const { channel, adapter, inHand } = deps;
  inHand.unanswered.add(command.commandId);
  const stopTimer = callSeconds.startTimer({ channel });
  const answer = boundAnswer(await adapter.dispatch(command, isInTime));
  stopTimer({ answer: answer.type });
  return answer;
}

type Weighing = { command: DispatchCommand; tries: Tries; nowMs: number; deps: DispatchDeps };

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

function weigh(answer: ProviderAnswer, { command, tries, nowMs, deps }: Weighing): Conclusion {
  const { refusalCount, lossCount } = tries;
  const { takesIdempotencyKeys } = deps.adapter;
  const { timeScale } = deps;
  const so = { command, refusalCount, lossCount, nowMs, takesIdempotencyKeys, timeScale };
  return conclude(answer, so);
}

/** The shard's clock, carried on by this process's own, which never jumps. */
function clockFrom(nowMs: number): () => number {
  const startedAt = performance.now();
  return () => nowMs + performance.now() - startedAt;
}
