// What a message is estimated to cost, by the account's price list. An estimate, because the carrier's
// bill comes later: what is charged for, and when, differs between vendors, so each price says it.

import type { AttemptStatus, Content, SendRequest } from "#libs/contracts/generated/types.ts";
import { SEGMENT_COUNT_MAX } from "#libs/contracts/limits.ts";
import { stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import { hasReached } from "#libs/fallback/words.ts";
import { countryOf } from "#libs/phone-numbers/country-of.ts";
import { type Account, findPrice } from "#libs/settings/account.ts";
import type { BodyOf } from "#libs/settings/setting.ts";
import { contentSms } from "#libs/sms-text/content-sms.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";

/** Amounts in 1/10,000 of `currency`; null where the account has no price for it. */
export type MessageCosts = {
  /** One for each attempt, in their order. */
  attempts: (number | null)[];
  /** Of all attempts together. */
  total: number;
  /** Of those that reached the person after an earlier step had: what a fallback too early costs. */
  extra: number;
  currency: string;
};

/** How far a message has come. */
type Progress = {
  steps: readonly { channel: string }[];
  attempts: readonly PricedAttempt[];
};
/** `segmentCount` as the carrier reported it; null: counted here. */
type PricedAttempt = { status: AttemptStatus | null; segmentCount: number | null };
type Requested = Pick<SendRequest, "recipient" | "content" | "steps">;

/** The costs of a message's attempts so far; null for an account without a price list. */
export function messageCosts(
  { steps, attempts }: Progress,
  request: Requested,
  account: Pick<Account, "prices"> | undefined,
): MessageCosts | null {
  const currency = account && currencyOf(account);
  if (!account || currency === undefined) return null;
  const costs = attempts.map((attempt, index) => {
    const content = stepContent(request, index);
    const channel = steps[index]?.channel ?? "";
    const country = countryOf(stepRecipient(request, index), channel);
    const price = findPrice(account, { channel, country });
    return price ? attemptCost(attempt, content, price) : null;
  });
  const reached = costs.filter((_, index) => hasReached(attempts[index]?.status ?? null));
  return { attempts: costs, total: sum(costs), extra: sum(reached.slice(1)), currency };
}

function attemptCost(
  { status, segmentCount }: PricedAttempt,
  content: Content,
  { channel, chargedOn, perUnit }: BodyOf<"price">,
): number {
  const isCharged = chargedOn === "submit" ? wasTaken(status) : hasReached(status);
  if (!isCharged) return 0;
  return channel === "sms" ? perUnit * billedSegments(segmentCount, content) : perUnit;
}

/** Whether the carrier took it: also what then failed has cost its submission. */
function wasTaken(status: AttemptStatus | null): boolean {
  return status !== null && status !== "REJECTED";
}

function billedSegments(reported: number | null, content: Content): number {
  if (reported === null || reported < 0) return countSegments(content);
  return Math.min(reported, SEGMENT_COUNT_MAX);
}

/** Of its SMS; a text that its alphabet cannot say counts as one. */
export function countSegments(content: Content): number {
  const { text, encoding } = contentSms(content);
  const size = measureSms(text ?? "", encoding);
  return "unencodable" in size ? 1 : size.segmentCount;
}

/** Every price of an account is in one currency. */
function currencyOf({ prices }: Pick<Account, "prices">): string | undefined {
  return prices.values().next().value?.currency;
}

function sum(costs: readonly (number | null)[]): number {
  return costs.reduce<number>((total, cost) => total + (cost ?? 0), 0);
}
