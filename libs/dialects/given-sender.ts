import { type Account, hasSender } from "#libs/settings/account.ts";

/** The account's name of a sender: vendors write numbers without a plus sign, an account may have one. */
export function givenSender(channel: string, from: string, account: Account): string {
  const plus = `+${from}`;
  return !hasSender(account, channel, from) && hasSender(account, channel, plus) ? plus : from;
}
