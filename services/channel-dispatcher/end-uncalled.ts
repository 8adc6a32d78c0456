// What is done with a command for which nobody is called now, and how an answer is weighed.
import { type Admission, admit } from "#libs/dispatch-rules/admit.ts";
import { answerLost, type Conclusion, conclude } from "#libs/dispatch-rules/conclude.ts";
import type { Asked } from "#libs/dispatch-rules/pass-on.ts";
import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import { carryOut, dropQuietly, giveBack, letRest } from "./carry-out.ts";
import type { CommandInHand, DispatchDeps, End } from "./dispatch-deps.ts";
import { restMs } from "./may-be-called.ts";
import { dropCounter } from "./metrics.ts";

/** What becomes of it where it is not to be called for, by the message's state; undefined: it is. */
export async function endUncalled(
  item: CommandInHand,
  deps: DispatchDeps,
): Promise<{ end: End | undefined; nowMs: number }> {
  const { command, taken, isAbandoned } = item;
  const { state, ...shard } = await deps.loadState(command.messageId);
  const { nowMs } = shard;
  if (deps.stopping.aborted) return { end: await giveBack(item, deps), nowMs };
  const { lossCount } = taken;
  const admission = admit({ command, isAbandoned, lossCount }, state, nowMs);
  if (admission.type === "call") {
    const delayMs = restMs(item, shard);
    return { end: delayMs > 0 ? await letRest(item, delayMs, deps) : undefined, nowMs };
  }
  if (admission.type === "drop") return { end: await dropQuietly(item, "known", deps), nowMs };
  const asked = lastAsked(item, admission);
  const conclusion = withoutCall(admission, { item, asked, othersCount: 0, nowMs, deps });
  const end = await carryOut(conclusion, item, { asked, nowMs, isUncalled: true, deps });
  return { end, nowMs };
}

type Weighing = {
  item: CommandInHand;
  asked: Asked;
  othersCount: number;
  nowMs: number;
  deps: DispatchDeps;
};

function withoutCall(admission: Admission, weighing: Weighing): Conclusion {
  if (admission.type === "expire") {
    const { errorCode } = admission;
    dropCounter.inc({ channel: weighing.deps.channel, reason: errorCode });
    return { type: "report", word: { status: "EXPIRED", errorCode } };
  }
  const isForgotten = weighing.item.taken.called === null;
  const text = isForgotten
    ? "Redis has lost what was known of the call."
    : "A dispatcher ended before the provider's answer was kept.";
  const mayRepeat = admission.type === "lost" && admission.mayRepeat;
  return mayRepeat ? weigh({ type: "unknown", text }, weighing) : answerLost(text);
}

/** What an answer leads to, by what is known of the command and of who gave it. */
export function weigh(answer: ProviderAnswer, weighing: Weighing): Conclusion {
  const { item, asked, othersCount, nowMs, deps } = weighing;
  const { command, taken, routes } = item;
  const adapter = routes.find(({ provider }) => provider === asked.provider)?.adapter;
  // Whom the account has disconnected cannot be called again, whatever it would take.
  const isThere = adapter !== undefined;
  const onUnknown = isThere ? command.onUnknown : "WAIT";
  return conclude(answer, {
    ...taken,
    command: { notAfter: command.notAfter, onUnknown },
    takesIdempotencyKeys: adapter?.takesIdempotencyKeys(command.channel) ?? false,
    asked,
    othersCount,
    nowMs,
    timeScale: deps.timeScale,
  });
}

/** Who is told of where nobody is called: who may have the message, else who would have been asked. */
export function lastAsked(
  { taken, routes }: Pick<CommandInHand, "taken" | "routes">,
  admission: Pick<Admission, "type">,
): Asked {
  const { called, passed } = taken;
  const mayHaveIt = admission.type === "lost" || taken.lossCount > 0 ? called : null;
  if (mayHaveIt === null) return { connection: null, provider: routes[0]?.provider ?? "none" };
  const known = [...routes, ...passed].find(({ provider }) => provider === mayHaveIt);
  return { connection: known?.connection ?? null, provider: mayHaveIt };
}
