// Which steps a request takes, in the light of what its account has configured.
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import type { OwnOfStep } from "#libs/contracts/own-of-step.ts";
import { type Account, publishedSteps } from "#libs/settings/account.ts";

/** What of a request is judged: it need not have an id yet. */
export type JudgedRequest = Omit<SendRequest, "messageId">;

/** A step as a request or a flow names it; what it has of its own is the request's business alone. */
export type RequestedStep = Omit<Step, keyof OwnOfStep>;

/** The request's own steps, else those of the flow that it names, else of the default flow. */
export function requestedSteps(
  { steps, flowId }: Pick<SendRequest, "steps" | "flowId">,
  account: Account | undefined,
): readonly RequestedStep[] {
  if (steps.length > 0 || !account) return steps;
  return flowId === null ? account.defaultFlow : (publishedSteps(account, flowId) ?? []);
}
