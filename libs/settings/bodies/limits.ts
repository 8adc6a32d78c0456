// What an account may spend, and on whom: the operator's word, which no key of the account can change.
import { type Static, Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { numberClasses } from "#libs/phone-numbers/number-plan.ts";
import { SENDER_COUNT_MAX, Sender, strict } from "./members.ts";

const some = { ...strict, default: {} };
/** There are fewer than 250. */
const Countries = Type.Array(Type.String({ pattern: "^[A-Z]{2}$" }), {
  maxItems: 250,
  uniqueItems: true,
});

export const LimitsBody = Type.Object(
  {
    countries: Type.Object(
      {
        allowed: Type.Optional(Countries),
        denied: Type.Optional(Countries),
      },
      {
        ...some,
        description:
          "ISO 3166, by the number itself, whatever the request says. With `allowed` no other is: nobody whose country cannot be told.",
      },
    ),
    numberClasses: Type.Object(
      Object.fromEntries(numberClasses.map((word) => [word, Type.Optional(Type.Boolean())])),
      {
        ...some,
        description:
          "Whether there may be messages to numbers of a class. Absent: not to premium-rate, shared-cost and satellite, to all others.",
      },
    ),
    senders: Type.Object(
      Object.fromEntries(
        channels.map((channel) => [
          channel,
          Type.Optional(Type.Array(Sender, { maxItems: SENDER_COUNT_MAX, uniqueItems: true })),
        ]),
      ),
      { ...some, description: "Those that are approved. A channel that is absent: any." },
    ),
  },
  strict,
);

/** Of an account, with what the operator says for all where nothing is said for it. */
export type Limits = Static<typeof LimitsBody>;

/** There is one of an account, and one for all of them, which has this name too. */
export const LIMITS_NAME = "limits";
export const NO_LIMITS: Limits = { countries: {}, numberClasses: {}, senders: {} };

/** An account's own word stands before the one for all, member by member. */
export function ownBeforeAll(own: Limits, all: Limits): Limits {
  return {
    countries: { ...all.countries, ...own.countries },
    numberClasses: { ...all.numberClasses, ...own.numberClasses },
    senders: { ...all.senders, ...own.senders },
  };
}
