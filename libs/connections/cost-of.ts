// What a connection says that a message by it costs, so that the cheapest can be asked first.
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { countryOf } from "#libs/phone-numbers/country-of.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";

type Called = Pick<DispatchCommand, "recipient" | "channel">;

/** By the longest prefix of the number, else its country, else for all; undefined: nothing is said. */
export function costOf(
  { cost }: Pick<ConnectionSetting, "cost">,
  { recipient, channel }: Called,
): number | undefined {
  if (!cost) return undefined;
  const { byPrefix = {}, byCountry = {}, elsewhere } = cost;
  const address = addressOf(recipient, channel) ?? "";
  const prefixes = Object.keys(byPrefix).filter((each) => address.startsWith(each));
  const [longest = ""] = prefixes.toSorted((a, b) => b.length - a.length);
  const country = countryOf(recipient, channel) ?? "";
  return byPrefix[longest] ?? byCountry[country] ?? elsewhere;
}
