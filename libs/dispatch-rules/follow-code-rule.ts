// An answer as the account's own rule for its code reads it. Pure.

import type { ProviderAnswer } from "#libs/providers/provider-adapter.ts";
import type { CodeRule } from "#libs/settings/bodies/code-rule.ts";

/** The code of an answer that says why the provider did not take the message. */
export function codeOf(answer: ProviderAnswer): string | null {
  return answer.type === "refused" || answer.type === "temporary" ? answer.code : null;
}

type Refusing = Extract<ProviderAnswer, { type: "refused" | "temporary" }>;

/** Whether another call, of this provider or of another, may succeed for the same message. */
function mayPass(answer: ProviderAnswer): answer is Refusing {
  if (answer.type === "refused")
    return answer.isFinal === true && answer.errorClass === "TEMPORARY";
  return answer.type === "temporary";
}

/** RETRY makes a refusal one that may pass, but for `isFinal`; NEXT and STOP make it final. */
export function followCodeRule(
  answer: ProviderAnswer,
  leadsTo: CodeRule["leadsTo"] | undefined,
): ProviderAnswer {
  if (leadsTo === "RETRY" && answer.type === "refused" && !answer.isFinal) {
    const { code, text } = answer;
    return { type: "temporary", code, text };
  }
  if ((leadsTo === "NEXT" || leadsTo === "STOP") && mayPass(answer)) {
    const { code, text } = answer;
    return { type: "refused", code, text, errorClass: "TEMPORARY" };
  }
  return answer;
}
