// Whether Twilio knows the account and the key: what Twilio says of the account.
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Probe } from "../probe.ts";
import type { TwilioCredentials, TwilioOptions } from "./access.ts";
import { loginOf } from "./login.ts";

const Known = Type.Object({
  friendly_name: Type.String(),
  status: Type.String(),
  type: Type.Optional(Type.String()),
});
const Refused = Type.Object({ message: Type.String() });

/** A trial account sends to numbers that were verified, and to nobody else. */
export function twilioProbe(
  { address: origin, accountSid }: TwilioOptions,
  credentials: TwilioCredentials,
): Probe {
  return {
    origin,
    path: `/2010-04-01/Accounts/${accountSid}.json`,
    headers: { authorization: loginOf(credentials) },
    read(body) {
      if (!Value.Check(Known, body)) return undefined;
      const { friendly_name: name, status, type } = body;
      return `Twilio knows the account ${name}: ${type === undefined ? "" : `${type}, `}${status}.`;
    },
    refusal: (body) => (Value.Check(Refused, body) ? body.message : undefined),
  };
}
