// What a message costs at most: as if every step of it were tried and charged.
import { addressOf } from "#libs/contracts/address-of.ts";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { stepContent, stepRecipient } from "#libs/contracts/own-of-step.ts";
import { asNumber } from "#libs/phone-numbers/as-number.ts";
import { numberPlanOf } from "#libs/phone-numbers/number-plan.ts";
import { isE164 } from "#libs/phone-numbers/parse-number.ts";
import { type Account, findPrice } from "#libs/settings/account.ts";
import { countSegments } from "./message-costs.ts";

type Requested = Pick<SendRequest, "recipient" | "content" | "steps">;
type Steps = readonly { channel: string }[];

/** `total` is in 1/10,000 of the price list's currency; `unpriced` are steps that no price is known of. */
export type HighestCost = { total: number; unpriced: number[] };

/** By the country of the number itself: the request's word may make a price of ours, not a limit. */
export function highestCost(
  request: Requested,
  steps: Steps,
  account: Pick<Account, "prices">,
): HighestCost {
  const unpriced: number[] = [];
  let total = 0;
  for (const [index, { channel }] of steps.entries()) {
    const recipient = stepRecipient(request, index);
    const address = addressOf(recipient, channel);
    if (address === undefined) continue;
    const number = asNumber(address);
    const country = isE164(number) ? numberPlanOf(number).country : recipient.country;
    const price = findPrice(account, { channel, country });
    const units = channel === "sms" ? countSegments(stepContent(request, index)) : 1;
    if (price) total += price.perUnit * units;
    else unpriced.push(index);
  }
  return { total, unpriced };
}

/** Segments of all SMS that the steps may send. */
export function segmentsAtMost(request: Requested, steps: Steps): number {
  return steps.reduce((sum, { channel }, index) => {
    return channel === "sms" ? sum + countSegments(stepContent(request, index)) : sum;
  }, 0);
}
