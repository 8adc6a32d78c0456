// Connections: lines to providers, of an account or of the operator.
import { type Static, Type } from "typebox";
import { ACCOUNT_ID } from "#libs/contracts/limits.ts";
import { ConnectionCost, ConnectionRates, ConnectionRule } from "./connection-routing.ts";
import {
  CHANNEL_NAME_PATTERN,
  ChannelName,
  Instant,
  SENDER_COUNT_MAX,
  Sender,
  strict,
  Title,
} from "./members.ts";

const CREDENTIAL_LENGTH_MAX = 10_000;
const MEMBER_NAME = Type.String({ pattern: "^[A-Za-z0-9]{1,64}$" });
const few = { maxProperties: 50 };
/** There are four; a newer version may have more. */
const CHANNELS = { minItems: 1, maxItems: 16, uniqueItems: true };

const HEX_128 = "^[0-9a-f]{32}$";

const connectionMembers = {
  provider: Type.String({
    pattern: "^[a-z0-9-]{1,64}$",
    description: "Who carries the messages: `whatsapp-cloud`.",
  }),
  enabled: Type.Boolean({ default: true }),
  label: Type.Optional(Title),
  senders: Type.Optional(
    Type.Array(Sender, {
      minItems: 1,
      maxItems: SENDER_COUNT_MAX,
      uniqueItems: true,
      description: "Only steps with one of these go by it. Absent: all of its channels.",
    }),
  ),
  priority: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: 1_000,
      description:
        "The lowest is asked first; when it does not take a message, the next. Absent: 0.",
    }),
  ),
  weight: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: 1_000,
      description:
        "Of connections with one priority, each is asked first as often as its weight says. Absent: behind those that have one, by name.",
    }),
  ),
  when: Type.Optional(ConnectionRule),
  cost: Type.Optional(ConnectionCost),
  rates: Type.Optional(ConnectionRates),
  paused: Type.Optional(
    Type.Boolean({
      description: "Nothing goes by it, and what no other connection takes is held. Absent: false.",
    }),
  ),
  // How large and how deep: `libs/connections/check-options.ts`.
  options: Type.Unsafe<Record<string, unknown>>({
    ...Type.Record(MEMBER_NAME, Type.Unknown(), few),
    description: "What its provider asks for: `libs/providers/<provider>/README.md`.",
  }),
};

/** Of the operator's: `libs/settings/usable-connections.ts`. */
const accounts = Type.Optional(
  Type.Array(Type.String({ pattern: ACCOUNT_ID.source }), {
    uniqueItems: true,
    maxItems: 10_000,
    description: "Which accounts' messages may go by it. Absent: those of every account.",
  }),
);

/** What a caller says of a connection. */
export const NewConnection = Type.Object(
  {
    ...connectionMembers,
    channels: Type.Optional(
      Type.Array(ChannelName, {
        ...CHANNELS,
        description: "Only these channels go by it. Absent: all that its provider carries.",
      }),
    ),
    credentials: Type.Optional(
      Type.Unsafe<Record<string, string>>({
        ...Type.Record(MEMBER_NAME, Type.String({ maxLength: CREDENTIAL_LENGTH_MAX }), few),
        description:
          "Kept sealed and never shown. Absent: those that it has, which is refused where the options now send them elsewhere.",
      }),
    ),
  },
  strict,
);

/** What the operator says of one that accounts may use. */
export const NewOperatorConnection = Type.Object({ ...NewConnection.properties, accounts }, strict);

export const ConnectionBody = Type.Object(
  {
    ...connectionMembers,
    accounts,
    // Kept by itself, so that a version that does not know its provider, or the channel, holds the
    // messages that are this connection's. Connections of before have none: `libs/connections`.
    channels: Type.Optional(Type.Array(Type.String({ pattern: CHANNEL_NAME_PATTERN }), CHANNELS)),
    // Tells its ids from those of other connections; whoever sees an attempt sees it.
    guid: Type.String({ pattern: HEX_128 }),
    // Ends the address of its receipts, which only those who may change it know. Connections of before
    // have none: their guid ends it.
    receiptKey: Type.Optional(Type.String({ pattern: HEX_128 })),
    // JSON, sealed: `libs/webhooks/sealing.ts`.
    sealedCredentials: Type.String(),
  },
  strict,
);

export type ConnectionSetting = Static<typeof ConnectionBody>;

/**
 * A connection that was deleted. Its receipts are taken until then, because its messages may still be
 * open. Its name is the guid: the account may make another one of the old name meanwhile.
 */
export const EndedConnectionBody = Type.Object(
  { ...ConnectionBody.properties, endsAt: Instant },
  strict,
);

export type EndedConnection = Static<typeof EndedConnectionBody>;
