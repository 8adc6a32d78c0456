// The steps that a message takes.
import type { Content, Recipient, Step, StepInit } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { reachingSteps } from "#libs/judgement/recipient-faults.ts";
import type { Account } from "#libs/settings/account.ts";

/**
 * The steps that the request has to name. Where it names none, 8x8's guide lets an SMS follow only
 * if `fallbackText` and `sms` are given ("Simple SMS Fallback"); else these are the default flow's
 * other steps. None where the default flow applies as it is.
 */
export function planSteps(
  named: StepInit[],
  { content, recipient }: { content: Content; recipient: Recipient },
  { defaultFlow }: Account,
): StepInit[] {
  if (named.length > 0 || (content.fallbackText !== null && content.sms !== null)) return named;
  const others = defaultFlow.filter(({ channel }) => channel !== "sms");
  if (others.length === 0 || others.length === defaultFlow.length) return named;
  const isCut = defaultFlow.at(-1)?.channel === "sms";
  const steps = others.map((step, index) =>
    // Its wait was for the SMS; nothing follows it now.
    isCut && index === others.length - 1 ? { ...step, waitSeconds: null } : step,
  );
  return [...reachingSteps(steps, recipient)];
}

/** A step in full. */
export function toStep(step: StepInit): Step {
  const { channel, sender = null, waitSeconds = null, ttlSeconds = null } = step;
  const { wanted = "DELIVERED", onFailure = "NEXT" } = step;
  return { channel, sender, waitSeconds, wanted, onFailure, ttlSeconds, ...nothingOwn };
}
