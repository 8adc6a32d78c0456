// The SMS that follows a message of WhatsApp or Viber: what triggers it, after how long, what it says.
import type { Step, WantedStatus } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { invalid, missing } from "#libs/dialects/alibaba/api-error.ts";
import { textContent } from "#libs/dialects/text-content.ts";
import type { Account } from "#libs/settings/account.ts";
import type { SendParameters } from "./parameters.ts";

/** What must be reported of the first message; else the SMS follows. Words are taken in any case. */
const WANTED = {
  sentfailed: "SENT",
  undelivered: "DELIVERED",
  unread: "READ",
} as const satisfies Record<string, WantedStatus>;

type FallbackParameters = Pick<
  SendParameters,
  "FallBackId" | "FallBackContent" | "FallBackDuration" | "FallBackRule"
>;
export type Fallback = {
  rule: keyof typeof WANTED;
  wanted: WantedStatus;
  /** null: only a report triggers it. */
  waitSeconds: number | null;
  sms: Step;
};

/**
 * Undefined where nothing of a fallback is said. Throws ApiError for one that lacks its text, or that
 * goes by a policy or a rule that there is none of.
 */
export function readFallback(given: FallbackParameters, account: Account): Fallback | undefined {
  const { FallBackId, FallBackContent, FallBackDuration, FallBackRule } = given;
  const isSaid = [FallBackId, FallBackContent, FallBackDuration, FallBackRule].some(
    (each) => each !== undefined,
  );
  if (!isSaid) return undefined;
  if (FallBackContent === undefined) throw missing("FallBackContent");
  const rule = (FallBackRule ?? "undelivered").toLowerCase();
  if (!isRule(rule)) {
    throw invalid("FallBackRule", "must be one of undelivered, sentFailed, unread");
  }
  return {
    rule,
    wanted: WANTED[rule],
    waitSeconds: FallBackDuration ?? null,
    sms: smsStep(FallBackContent, senderOf(FallBackId, account)),
  };
}

function isRule(word: string): word is Fallback["rule"] {
  return Object.hasOwn(WANTED, word);
}

/** Who sends the SMS: the SendID of the policy's rule; without a policy the account's first SMS sender. */
function senderOf(policyId: string | undefined, account: Account): string | null {
  if (policyId === undefined) return null;
  const policy = account.fallbackPolicies.get(policyId);
  if (!policy) throw invalid("FallBackId", "is no fallback policy of the account");
  return account.fallbackRules.get(policy.rule)?.sendId ?? null;
}

function smsStep(text: string, sender: string | null): Step {
  return {
    channel: "sms",
    sender,
    waitSeconds: null,
    wanted: "DELIVERED",
    onFailure: "NEXT",
    ttlSeconds: null,
    ...nothingOwn,
    content: textContent(text),
  };
}
