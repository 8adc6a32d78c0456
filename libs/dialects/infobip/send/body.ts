// What `POST /messages-api/1/messages` takes. What is not served is refused by its name rather than
// left out, because the person would get something else than was meant.
import { type Static, Type } from "typebox";
import {
  ADDRESS_LENGTH_MAX,
  CLIENT_ID_LENGTH_MAX,
  NAME_LENGTH_MAX,
  STEP_COUNT_MAX,
  TEXT_LENGTH_MAX,
  URL_LENGTH_MAX,
} from "#libs/contracts/limits.ts";
import { channelNames } from "#libs/dialects/infobip/channel-names.ts";

/** Messages of one request, each to so many; all of them are answered and held at once. */
export const DESTINATION_COUNT_MAX = 1_000;
/** Infobip's limit of a bulk's id, characters. */
const BULK_ID_LENGTH_MAX = 100;

const strict = { additionalProperties: false };
const Address = Type.String({ minLength: 1, maxLength: ADDRESS_LENGTH_MAX });
export const Sender = Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX });
const Url = Type.String({ maxLength: URL_LENGTH_MAX });
const ChannelName = Type.Enum(channelNames);

const Content = Type.Object(
  {
    body: Type.Object(
      {
        type: Type.Enum(["TEXT"]),
        text: Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX }),
      },
      strict,
    ),
  },
  strict,
);

export const ValidityPeriod = Type.Object(
  {
    amount: Type.Integer({ minimum: 1 }),
    timeUnit: Type.Enum(["SECONDS", "MINUTES", "HOURS"], { default: "MINUTES" }),
  },
  strict,
);

export const Failover = Type.Object(
  {
    channel: ChannelName,
    sender: Type.Optional(Sender),
    content: Type.Optional(Content),
    validityPeriod: Type.Optional(ValidityPeriod),
  },
  strict,
);

const Destination = Type.Object(
  {
    to: Type.Optional(Address),
    byChannel: Type.Optional(
      Type.Array(Type.Object({ channel: ChannelName, to: Address }, strict), {
        minItems: 1,
        maxItems: channelNames.length,
      }),
    ),
    messageId: Type.Optional(Type.String({ minLength: 1, maxLength: CLIENT_ID_LENGTH_MAX })),
  },
  strict,
);

const Message = Type.Object(
  {
    channel: ChannelName,
    sender: Type.Optional(Sender),
    destinations: Type.Array(Destination, { minItems: 1, maxItems: DESTINATION_COUNT_MAX }),
    content: Content,
    failover: Type.Optional(Type.Array(Failover, { maxItems: STEP_COUNT_MAX - 1 })),
    // A text needs no adaptation to any channel.
    options: Type.Optional(
      Type.Object(
        {
          validityPeriod: Type.Optional(ValidityPeriod),
          adaptationMode: Type.Optional(Type.Boolean()),
        },
        strict,
      ),
    ),
    webhooks: Type.Optional(
      Type.Object(
        {
          delivery: Type.Optional(Type.Object({ url: Type.Optional(Url) }, strict)),
          contentType: Type.Optional(Type.Enum(["application/json"])),
        },
        strict,
      ),
    ),
  },
  strict,
);

const Schedule = Type.Object(
  {
    bulkId: Type.Optional(Type.String({ minLength: 1, maxLength: BULK_ID_LENGTH_MAX })),
    sendAt: Type.Optional(Type.String({ maxLength: 40 })),
  },
  strict,
);

export const SendBody = Type.Object(
  {
    messages: Type.Array(Message, { minItems: 1, maxItems: DESTINATION_COUNT_MAX }),
    options: Type.Optional(Type.Object({ schedule: Type.Optional(Schedule) }, strict)),
  },
  strict,
);

export type SendBody = Static<typeof SendBody>;
export type MessageBody = Static<typeof Message>;
export type DestinationBody = Static<typeof Destination>;
export type ContentBody = Static<typeof Content>;
export type ValidityPeriod = Static<typeof ValidityPeriod>;
