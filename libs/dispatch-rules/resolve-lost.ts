// What a provider's word on a lost answer leads to, once it was asked whether it has the message. Pure.
import type { LookUpAnswer } from "#libs/providers/provider-adapter.ts";
import type { Conclusion, Word } from "./conclude.ts";

/**
 * `owned`: the one that it has is another attempt's. `nothing-to-ask`: the provider has no such call, or
 * nobody can call it any more.
 */
export type LookedUp = LookUpAnswer | { type: "owned" } | { type: "nothing-to-ask" };

const FOUND = "The answer was lost. The provider was asked, and has the message.";

/** Behind the fault. None says that there is no message: what a list does not show yet may still be sent. */
const WORDS: Readonly<Record<Exclude<LookedUp["type"], "found">, string>> = {
  "not-found": "The provider was asked, and does not show the message.",
  several: "The provider was asked, and shows several messages that could be it.",
  owned: "The provider was asked, and shows only the message of another attempt.",
  "no-answer": "The provider was asked whether it has the message, and could not say.",
  "nothing-to-ask": "The provider cannot be asked whether it has the message.",
};

/** True where a message is repeated without protection, or given up, because an answer was lost. */
export function isLost(conclusion: Conclusion): boolean {
  return wordOnLoss(conclusion) !== null;
}

/**
 * A message that the provider has is an accepted one. Anything else leaves the conclusion as it is, and
 * its word tells how it was come by. A conclusion on anything but a lost answer is not changed.
 */
export function resolveLost(conclusion: Conclusion, said: LookedUp): Conclusion {
  const word = wordOnLoss(conclusion);
  if (word === null) return conclusion;
  if (said.type === "found") {
    const { providerMessageId, segmentCount } = said;
    const status = "ACCEPTED";
    const accepted = { status, providerMessageId, segmentCount, errorText: FOUND } as const;
    return { type: "report", word: accepted };
  }
  const errorText = [word.errorText, WORDS[said.type]].filter(Boolean).join(" ");
  const told = { ...word, errorText };
  return conclusion.type === "report"
    ? { ...conclusion, word: told }
    : { ...conclusion, notice: told };
}

/** A repeat that its provider knows as one has none: it resolves the loss by itself. */
function wordOnLoss(conclusion: Conclusion): Word | null {
  const word = conclusion.type === "report" ? conclusion.word : conclusion.notice;
  return word?.errorCode?.startsWith("answer-lost") ? word : null;
}
