// Whether the person can be reached on the channels that are to be tried.
import type { Recipient, StepInit } from "#libs/contracts/generated/types.ts";
import type { Account } from "#libs/settings/account.ts";
import { channelNameOf } from "./channel-names.ts";
import { Refusal } from "./refusal.ts";

type Sending = { steps: readonly StepInit[]; account: Account };

/**
 * Refuses with 3047 or 3002 a person without a number who lacks an id on a channel that the request
 * names. Of the account's default flow one reachable channel is enough: the flow is for everyone.
 */
export function checkAddresses(recipient: Recipient, { steps, account }: Sending): void {
  const { msisdn, channelUserIds } = recipient;
  if (msisdn !== null) return;
  const planned = steps.length === 0 ? account.defaultFlow : steps;
  const missing = planned.filter(({ channel }) => !Object.hasOwn(channelUserIds, channel));
  const first = missing[0];
  if (!first || (steps.length === 0 && missing.length < planned.length)) return;
  if (first.channel === "whatsapp") {
    throw new Refusal(3047, "user has neither msisdn nor channelUserId.");
  }
  throw new Refusal(3002, `${channelNameOf(first.channel)} needs user.msisdn.`);
}
