// A dispatcher in virtual time: the same rules for what is called for and what an answer leads to,
// without the queue, the rate limit and the network between them.

import { admit } from "#libs/dispatch-rules/admit.ts";
import { answerLost, type Conclusion, conclude, type Word } from "#libs/dispatch-rules/conclude.ts";
import { codeOf, followCodeRule } from "#libs/dispatch-rules/follow-code-rule.ts";
import { resolveLost } from "#libs/dispatch-rules/resolve-lost.ts";
import type { MessageState, Step } from "#libs/fallback/state.ts";
import { coversLostAnswer } from "#libs/message-flow/records.ts";
import type { Behaviour } from "#libs/providers/simulated/behaviour.ts";
import { takesIdempotencyKeys } from "#libs/providers/simulated/carrier-traits.ts";
import { simulatedProvider } from "#libs/providers/simulated/wire.ts";
import { whereCodeLeads } from "#libs/settings/code-rules.ts";
import type { Agenda, DueCall } from "./agenda.ts";
import { answerCall, channelOf, LOST_ANSWER } from "./assumed-carrier.ts";
import { receiptReport, wordReport } from "./assumed-reports.ts";
import type { Message } from "./message.ts";

type Circumstances = Pick<Message, "request" | "account"> & {
  state: MessageState;
  behaviour: Behaviour;
};
export type CallMade = { wasCalled: boolean; next: Agenda };

/** Carries a call out that is due, unless the message has moved on, and says what follows. */
export function rehearseCall(due: DueCall, circumstances: Circumstances): CallMade {
  const { attemptIndex, tries } = due;
  const { state } = circumstances;
  const step = stepOf(state, attemptIndex);
  const command = commandOf(state, attemptIndex);
  const claimed = { command, isAbandoned: false, lossCount: tries.lossCount };
  const admission = admit(claimed, state, due.at);
  switch (admission.type) {
    case "drop":
      return { wasCalled: false, next: [] };
    case "expire":
      return withoutCall({ status: "EXPIRED", errorCode: admission.errorCode }, due, step);
    case "lost":
      return { wasCalled: false, next: followUp(answerLost(LOST_ANSWER), due, step) };
    case "call":
      return call(due, step, circumstances);
  }
}

function call(due: DueCall, step: Step, circumstances: Circumstances): CallMade {
  const { request, account, state, behaviour } = circumstances;
  const { attemptIndex, tries, at } = due;
  const callCount = tries.refusalCount + tries.lossCount + 1;
  const isRepeat = tries.lossCount > 0;
  const assumed = { request, step, attemptIndex, behaviour, callCount, isRepeat };
  const { answer, receipts } = answerCall(assumed);
  const provider = simulatedProvider(channelOf(step));
  const code = codeOf(answer);
  const led =
    code === null ? undefined : whereCodeLeads(account, { provider, channel: step.channel, code });
  const conclusion = conclude(followCodeRule(answer, led), {
    ...tries,
    command: commandOf(state, attemptIndex),
    nowMs: at,
    asked: { connection: null, provider },
    othersCount: 0,
    passed: [],
    takesIdempotencyKeys: takesIdempotencyKeys(channelOf(step)),
    timeScale: 1,
  });
  const later = receipts.map((receipt) => receiptReport(receipt, due, step));
  return { wasCalled: true, next: [...followUp(conclusion, due, step), ...later] };
}

function withoutCall(word: Word, due: DueCall, step: Step): CallMade {
  return { wasCalled: false, next: followUp({ type: "report", word }, due, step) };
}

function followUp(concluded: Conclusion, due: DueCall, step: Step): Agenda {
  // The simulated carriers answer nothing but calls.
  const conclusion = resolveLost(concluded, { type: "nothing-to-ask" });
  if (conclusion.type === "report") return [wordReport(conclusion.word, due, step)];
  const { because, delayMs, notice } = conclusion;
  const { refusalCount, lossCount } = due.tries;
  const tries =
    because === "refused"
      ? { refusalCount: refusalCount + 1, lossCount }
      : { refusalCount, lossCount: lossCount + 1 };
  const again: DueCall = { ...due, at: due.at + delayMs, tries };
  return notice ? [wordReport(notice, due, step), again] : [again];
}

function commandOf(state: MessageState, attemptIndex: number) {
  const notAfter = Math.min(
    state.attempts[attemptIndex]?.deadlineAt ?? 0,
    state.expiresAt ?? Infinity,
  );
  const onUnknown = coversLostAnswer(state, attemptIndex) ? "WAIT" : "REPEAT";
  return { attemptIndex, notAfter, onUnknown } as const;
}

function stepOf({ steps }: MessageState, attemptIndex: number): Step {
  const step = steps[attemptIndex];
  if (step) return step;
  throw new Error(`A call is due for step ${attemptIndex}, which there is not.`);
}
