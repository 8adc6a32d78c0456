// What a connection says of when it is called: for whom, at what cost, how fast.
import { type Static, Type } from "typebox";
import { numberTypes } from "#libs/phone-numbers/number-type.ts";
import { strict } from "./members.ts";

const several = { minItems: 1, maxItems: 300, uniqueItems: true };
const PER_SECOND = { exclusiveMinimum: 0, maximum: 100_000 };

/** How fast it may be called: `libs/connections/paces-of.ts`. What is absent is as its provider documents. */
export const ConnectionRates = Type.Object(
  {
    perSecond: Type.Optional(
      Type.Number({
        ...PER_SECOND,
        description: "Calls a second, over all its channels and all dispatchers.",
      }),
    ),
    senderPerSecond: Type.Optional(
      Type.Number({ ...PER_SECOND, description: "Calls a second for each sender." }),
    ),
    pairSeconds: Type.Optional(
      Type.Number({
        exclusiveMinimum: 0,
        maximum: 86_400,
        description: "One call in so many seconds from a sender to one recipient, on average.",
      }),
    ),
    pairBurst: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 1_000, description: "So many of them may go at once." }),
    ),
  },
  strict,
);
export type ConnectionRates = Static<typeof ConnectionRates>;

/** Whom a connection is for: `libs/connections/meets.ts`. */
export const ConnectionRule = Type.Object(
  {
    countries: Type.Optional(
      Type.Array(Type.String({ pattern: "^[A-Z]{2}$" }), {
        ...several,
        description:
          "Only people in these countries (ISO 3166), by their number if nothing else says it.",
      }),
    ),
    prefixes: Type.Optional(
      Type.Array(Type.String({ pattern: "^\\+[1-9]\\d{0,14}$" }), {
        ...several,
        description: "Only numbers that begin so: `+659`.",
      }),
    ),
    numberTypes: Type.Optional(
      Type.Array(Type.Enum(numberTypes), {
        ...several,
        description: "Only numbers of these kinds, by their countries' numbering plans.",
      }),
    ),
  },
  strict,
);
export type ConnectionRule = Static<typeof ConnectionRule>;

const COST = { minimum: 0, maximum: 1_000_000_000 };

/** What a message by it costs: `libs/connections/cost-of.ts`. */
export const ConnectionCost = Type.Object(
  {
    byPrefix: Type.Optional(
      Type.Record(Type.String({ pattern: "^\\+[1-9]\\d{0,14}$" }), Type.Number(COST), {
        maxProperties: 300,
        description: "To numbers that begin so; the longest holds.",
      }),
    ),
    byCountry: Type.Optional(
      Type.Record(Type.String({ pattern: "^[A-Z]{2}$" }), Type.Number(COST), {
        maxProperties: 300,
        description: "To people in a country (ISO 3166).",
      }),
    ),
    elsewhere: Type.Optional(Type.Number({ ...COST, description: "To everybody else." })),
  },
  {
    ...strict,
    description:
      "Of one message, in 1/10,000 of the price list's currency, for channels whose `connectionOrder` is `cheapest`.",
  },
);
