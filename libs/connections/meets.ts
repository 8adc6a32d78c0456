// A connection's `when`: whom it is for.
import { addressOf } from "#libs/contracts/address-of.ts";
import type { DispatchCommand } from "#libs/contracts/generated/types.ts";
import { countryOf } from "#libs/phone-numbers/country-of.ts";
import { isNumberType } from "#libs/phone-numbers/number-type.ts";
import type { ConnectionRule } from "#libs/settings/bodies/connection-routing.ts";

type Called = Pick<DispatchCommand, "recipient" | "channel">;

/** Every rule that is there must hold. A person without a number meets none that is about numbers. */
export function meets(when: ConnectionRule | undefined, { recipient, channel }: Called): boolean {
  if (!when) return true;
  const { countries, prefixes, numberTypes } = when;
  const address = addressOf(recipient, channel) ?? "";
  const country = countries && countryOf(recipient, channel);
  return (
    (!countries || countries.some((each) => each === country)) &&
    (!prefixes || prefixes.some((each) => address.startsWith(each))) &&
    (!numberTypes || numberTypes.some((each) => isNumberType(address, each)))
  );
}
