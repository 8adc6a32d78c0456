// What a customer's request asks for, in the light of what its account has configured.
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import {
  type Account,
  fallsBackInVain,
  hasSender,
  maySendAs,
  publishedSteps,
} from "#libs/settings/account.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import { smsRefusalOf } from "./sms-fault.ts";

/**
 * Waits for what a request names and this process does not know: whoever made an account and sends
 * at once must not meet a view that is some milliseconds behind. Throws RetriableError.
 */
export async function awaitSettings(
  requests: readonly SendRequest[],
  settings: Pick<SettingsView, "findAccount" | "caughtUp">,
): Promise<void> {
  const isKnown = (request: SendRequest) => {
    const account = settings.findAccount(request.accountId);
    return refusalOf(request, requestedSteps(request, account), account) === null;
  };
  if (!requests.every(isKnown)) await settings.caughtUp();
}

/** A step as a request or a flow names it; what it says is the request's business alone. */
export type RequestedStep = Omit<Step, "content">;

/** The request's own steps, else those of the flow that it names, else of the default flow. */
export function requestedSteps(
  { steps, flowId }: SendRequest,
  account: Account | undefined,
): readonly RequestedStep[] {
  if (steps.length > 0 || !account) return steps;
  return flowId === null ? account.defaultFlow : (publishedSteps(account, flowId) ?? []);
}

/** What of a request decides whether it can be carried out. */
export type RefusableRequest = Pick<SendRequest, "content" | "flowId" | "recipient" | "steps">;

/** The code of the first rule that the request breaks; null where it can be carried out. */
export function refusalOf(
  request: RefusableRequest,
  steps: readonly RequestedStep[],
  account: Account | undefined,
): string | null {
  if (!account) return "unknown-account";
  if (steps.length === 0) return request.flowId === null ? "no-flow" : "unknown-flow";
  if (steps.some((step) => !Object.hasOwn(account.senders, step.channel))) return "unknown-channel";
  if (!sourcesOf(request).every((source) => maySendAs(account, source))) return "unknown-sender";
  if (!steps.every((step) => isOwnSender(step, account))) return "unknown-sender";
  if (fallsBackInVain(steps, account)) return "sms-fallback-off";
  if (steps.some((step) => step.wanted === "UNKNOWN")) return "unknown-wanted-status";
  if (!steps.every((step) => isPossibleWait(step.waitSeconds))) return "impossible-wait";
  const { msisdn, channelUserIds } = request.recipient;
  if (!msisdn && Object.keys(channelUserIds).length === 0) return "no-recipient";
  return smsRefusalOf(request, steps, account);
}

/** What SMS of the request are to show as their sender. */
function sourcesOf({ content, steps }: RefusableRequest): string[] {
  const contents = [content, ...steps.flatMap((step) => step.content ?? [])];
  return contents.flatMap(({ sms }) => sms?.source ?? []);
}

function isOwnSender({ channel, sender }: RequestedStep, account: Account): boolean {
  return sender === null || hasSender(account, channel, sender);
}

function isPossibleWait(waitSeconds: number | null): boolean {
  return waitSeconds === null || (waitSeconds >= 1 && waitSeconds <= WAIT_SECONDS_MAX);
}
