// The steps that a message takes, and whether they can be carried out.
import type { Content, Step, StepInit } from "#libs/contracts/generated/types.ts";
import { type RefusableRequest, refusalOf } from "#libs/message-flow/requested.ts";
import type { Account } from "#libs/settings/account.ts";
import { Refusal } from "./refusal.ts";

/**
 * The steps that the request has to name. Where it names none and has nothing to say by SMS, these
 * are the default flow's others: 8x8 sends a template without `fallbackText` by WhatsApp alone. None
 * where the default flow applies as it is.
 */
export function planSteps(named: StepInit[], said: Content, { defaultFlow }: Account): StepInit[] {
  if (named.length > 0 || said.fallbackText !== null || said.text !== null) return named;
  const others = defaultFlow.filter(({ channel }) => channel !== "sms");
  if (others.length === 0 || others.length === defaultFlow.length) return named;
  const isCut = defaultFlow.at(-1)?.channel === "sms";
  return others.map((step, index) =>
    // Its wait was for the SMS; nothing follows it now.
    isCut && index === others.length - 1 ? { ...step, waitSeconds: null } : step,
  );
}

/** The steps in full, wherever they come from. */
export function plannedSteps(steps: readonly StepInit[], { defaultFlow }: Account): Step[] {
  const planned: readonly StepInit[] = steps.length === 0 ? defaultFlow : steps;
  return planned.map((step) => {
    const { channel, sender = null, waitSeconds = null, ttlSeconds = null } = step;
    const { wanted = "DELIVERED", onFailure = "NEXT" } = step;
    return { channel, sender, waitSeconds, wanted, onFailure, ttlSeconds, content: null };
  });
}

/**
 * Refuses with 3027 what would be accepted here and rejected later: channels that the request names
 * are checked one by one, those of the default flow may have been switched off since.
 */
export function checkPlan(request: RefusableRequest, account: Account): void {
  const refusal = refusalOf(request, request.steps, account);
  if (refusal === null) return;
  throw new Refusal(3027, `this sub-account's default flow cannot be carried out (${refusal}).`);
}
