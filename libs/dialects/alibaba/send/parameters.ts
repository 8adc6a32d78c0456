// What `SendChatappMessage` and `SendChatappMassMessage` take. A parameter that is not served is refused
// by its name rather than left out: the person would get something else than was meant.
import { type Static, Type } from "typebox";
import {
  ADDRESS_LENGTH_MAX,
  CLIENT_ID_LENGTH_MAX,
  NAME_LENGTH_MAX,
  TEMPLATE_NAME_LENGTH_MAX,
  TEMPLATE_PARAMETER_COUNT_MAX,
  TEXT_LENGTH_MAX,
} from "#libs/contracts/limits.ts";
import { optionalText } from "#libs/dialects/alibaba/read-parameters.ts";
import { channelTypes } from "../channel-names.ts";

/** Alibaba's ranges, seconds. */
const FALLBACK_SECONDS = { minimum: 60, maximum: 43_200 };
const VIBER_TTL_SECONDS = { minimum: 30, maximum: 1_209_600 };
/** "Up to 1,000 numbers" of one `SendChatappMassMessage`. */
export const SENDER_COUNT_MAX = 1_000;

/** A template with all of its variables has no more at Meta, characters. */
const VARIABLE_LENGTH_MAX = 1_024;

const strict = { additionalProperties: false };
const nothing = Type.Optional(Type.Union([Type.Literal(""), Type.Null()]));

const TemplateParams = Type.Record(
  Type.String({ pattern: "^.{1,100}$" }),
  Type.String({ maxLength: VARIABLE_LENGTH_MAX }),
  { maxProperties: TEMPLATE_PARAMETER_COUNT_MAX },
);

/** A text, with the members of media that Alibaba's own example leaves empty. */
const TextContent = Type.Object(
  {
    text: Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX }),
    link: nothing,
    caption: nothing,
    fileName: nothing,
  },
  strict,
);

const shared = {
  ChannelType: Type.Enum(channelTypes),
  TemplateCode: optionalText(TEMPLATE_NAME_LENGTH_MAX),
  TemplateName: optionalText(TEMPLATE_NAME_LENGTH_MAX),
  Language: optionalText(NAME_LENGTH_MAX),
  From: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }),
  Label: Type.Optional(Type.Enum(["promotion", "transaction"])),
  Ttl: Type.Optional(Type.Integer(VIBER_TTL_SECONDS)),
  TaskId: optionalText(CLIENT_ID_LENGTH_MAX),
  FallBackId: optionalText(NAME_LENGTH_MAX),
  FallBackContent: optionalText(TEXT_LENGTH_MAX),
  FallBackDuration: Type.Optional(Type.Integer(FALLBACK_SECONDS)),
  FallBackRule: optionalText(NAME_LENGTH_MAX),
  CustSpaceId: optionalText(CLIENT_ID_LENGTH_MAX),
  // They change nothing of what is sent.
  CustWabaId: optionalText(CLIENT_ID_LENGTH_MAX),
  IsvCode: optionalText(CLIENT_ID_LENGTH_MAX),
  Tag: optionalText(CLIENT_ID_LENGTH_MAX),
};

/** A person's number; where it is not known, the channel's id or name of the person. */
const Addresses = {
  To: optionalText(ADDRESS_LENGTH_MAX),
  UserId: optionalText(ADDRESS_LENGTH_MAX),
  UserName: optionalText(ADDRESS_LENGTH_MAX),
};

export const SendParameters = Type.Object(
  {
    ...shared,
    ...Addresses,
    Type: Type.Enum(["template", "message"]),
    MessageType: Type.Optional(Type.Enum(["text"])),
    Content: Type.Optional(TextContent),
    TemplateParams: Type.Optional(TemplateParams),
    RecipientType: Type.Optional(Type.Enum(["individual"])),
    TrackingData: optionalText(CLIENT_ID_LENGTH_MAX),
  },
  strict,
);
export type SendParameters = Static<typeof SendParameters>;

/** What all messages of `SendChatappMassMessage` have in common; they are templates. */
export const MassParameters = Type.Object(shared, strict);

/** One of them. */
export const MassSender = Type.Object(
  { ...Addresses, TemplateParams: Type.Optional(TemplateParams) },
  strict,
);
