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

const Cap = Type.Optional(Type.Integer({ minimum: 0 }));
/** Each is looked at for every number of a message. */
const PREFIX_COUNT_MAX = 100;

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
          "ISO 3166, by the number itself, whatever the request says. With `allowed`, every other country is refused, and so are numbers whose country cannot be told.",
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
    daily: Type.Object(
      {
        messages: Cap,
        segments: Cap,
        spend: Type.Optional(
          Type.Integer({
            minimum: 0,
            description:
              "In 1/10,000 of the price list's currency, as if every step were tried. Prices are then the operator's to change.",
          }),
        ),
        messagesPerNumber: Cap,
        messagesPerPrefix: Type.Optional(
          Type.Integer({
            minimum: 0,
            description: "To numbers that differ in their last three digits only.",
          }),
        ),
        messagesByPrefix: Type.Optional(
          Type.Record(
            Type.String({ pattern: "^\\+[1-9]\\d{0,14}$" }),
            Type.Integer({ minimum: 0 }),
            {
              maxProperties: PREFIX_COUNT_MAX,
              description: "To all numbers that begin so.",
            },
          ),
        ),
      },
      {
        ...some,
        description:
          "How much on one day of UTC, counted when a message is taken. What is absent has no cap.",
      },
    ),
    ratePerKey: Type.Object(
      {
        perSecond: Type.Optional(
          Type.Number({ exclusiveMinimum: 0, maximum: 100_000, description: "Absent: any." }),
        ),
        burst: Type.Optional(
          Type.Integer({
            minimum: 1,
            maximum: 100_000,
            description: "At once after a silence. Absent: those of one second.",
          }),
        ),
      },
      { ...some, description: "Requests over HTTP with each of the account's keys; more are 429." },
    ),
  },
  strict,
);

/** Of an account, with what the operator says for all where nothing is said for it. */
export type Limits = Static<typeof LimitsBody>;

/** Whether anything is counted. */
export function hasDailyCaps({ daily }: Limits): boolean {
  return Object.keys(daily).length > 0;
}

/** There is one of an account, and one for all of them, which has this name too. */
export const LIMITS_NAME = "limits";
export const NO_LIMITS: Limits = {
  countries: {},
  numberClasses: {},
  senders: {},
  daily: {},
  ratePerKey: {},
};

/** An account's own word stands before the one for all, member by member. */
export function ownBeforeAll(own: Limits, all: Limits): Limits {
  return {
    countries: { ...all.countries, ...own.countries },
    numberClasses: { ...all.numberClasses, ...own.numberClasses },
    senders: { ...all.senders, ...own.senders },
    daily: { ...all.daily, ...own.daily },
    ratePerKey: { ...all.ratePerKey, ...own.ratePerKey },
  };
}
