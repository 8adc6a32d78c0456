// An account's channels: who sends on them, what it costs, which one an SMS may follow.
import { Type } from "typebox";
import { ChannelName, Name, SENDER_COUNT_MAX, Sender, strict, Title } from "./members.ts";

const connectionOrders = ["own-first", "operator-first", "cheapest", "own-only"] as const;
export type ConnectionOrder = (typeof connectionOrders)[number];

export const ChannelBody = Type.Object(
  {
    // The first one is used where a request names none.
    senders: Type.Array(Sender, { minItems: 1, maxItems: SENDER_COUNT_MAX, uniqueItems: true }),
    // Whether an SMS may follow when this channel does not get through.
    smsFallback: Type.Boolean({ default: true }),
    enabled: Type.Boolean({ default: true }),
    channelId: Type.Optional(Title),
    connectionOrder: Type.Optional(
      Type.Enum(connectionOrders, {
        description:
          "Whose connections are asked first: `own-first` the account's, then the operator's; `operator-first` the other way round; `cheapest` those with the lowest `cost`; `own-only` never the operator's. Absent: `own-first`.",
      }),
    ),
  },
  strict,
);

export const FallbackRuleBody = Type.Object(
  { name: Title, type: Type.Literal("SMS", { default: "SMS" }), sendId: Sender },
  strict,
);

export const FallbackPolicyBody = Type.Object({ name: Title, rule: Name }, strict);

/** A registered sender id is its own name. */
export const SmsSenderBody = Type.Object({}, strict);

export const PriceBody = Type.Object(
  {
    channel: ChannelName,
    // ISO 3166; absent: every country that has no price of its own.
    country: Type.Optional(Type.String({ pattern: "^[A-Z]{2}$" })),
    // Per message, or per segment of an SMS, in 1/10,000 of the currency.
    perUnit: Type.Integer({ minimum: 0, maximum: 1_000_000_000 }),
    currency: Type.String({ pattern: "^[A-Z]{3}$" }),
    chargedOn: Type.Enum(["submit", "delivery"]),
  },
  strict,
);
