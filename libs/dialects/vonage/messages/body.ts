// What `POST /v1/messages` takes: of the OpenAPI document of Messages, what there is here, with
// `failover` (https://developer.vonage.com/en/messages/guides/failover-message). What is not served is
// refused by its name rather than left out, because the person would get something else than was meant.
import { type Static, Type } from "typebox";
import {
  ADDRESS_LENGTH_MAX,
  NAME_LENGTH_MAX,
  STEP_COUNT_MAX,
  TEMPLATE_COMPONENT_COUNT_MAX,
  TEMPLATE_NAME_LENGTH_MAX,
  TEMPLATE_PARAMETER_COUNT_MAX,
  TEXT_LENGTH_MAX,
  TTL_SECONDS_MAX,
  URL_LENGTH_MAX,
} from "#libs/contracts/limits.ts";

/** Vonage's, characters. */
const CLIENT_REF_LENGTH_MAX = 100;
const LOCALE_LENGTH_MAX = 32;

const strict = { additionalProperties: false };
const Ttl = Type.Integer({ minimum: 1, maximum: TTL_SECONDS_MAX });
const Text = Type.String({ minLength: 1, maxLength: TEXT_LENGTH_MAX });

/** Vonage's longest, WhatsApp's of an image. */
const CAPTION_LENGTH_MAX = 3_000;
const FILE_NAME_LENGTH_MAX = 255;

const Url = Type.String({ minLength: 1, maxLength: URL_LENGTH_MAX });
const Caption = Type.Optional(Type.String({ minLength: 1, maxLength: CAPTION_LENGTH_MAX }));
const FileName = Type.Optional(Type.String({ minLength: 1, maxLength: FILE_NAME_LENGTH_MAX }));
/** Which channel has which of these is asked by hand. */
const Captioned = Type.Optional(Type.Object({ url: Url, caption: Caption }, strict));
const Audio = Type.Optional(Type.Object({ url: Url }, strict));
const File = Type.Optional(Type.Object({ url: Url, caption: Caption, name: FileName }, strict));

const MetaTemplate = Type.Object(
  {
    name: Type.String({ minLength: 1, maxLength: TEMPLATE_NAME_LENGTH_MAX }),
    language: Type.Object(
      {
        policy: Type.Optional(Type.Literal("deterministic")),
        code: Type.String({ minLength: 2, maxLength: LOCALE_LENGTH_MAX }),
      },
      strict,
    ),
    components: Type.Optional(
      Type.Array(Type.Object({}), { maxItems: TEMPLATE_COMPONENT_COUNT_MAX }),
    ),
  },
  strict,
);

export const customTypes = ["interactive", "location", "template"] as const;
/** "Passed directly to WhatsApp": of Meta's types those that there are here, each in its own member. */
const Custom = Type.Object(
  {
    type: Type.Enum(customTypes),
    interactive: Type.Optional(Type.Object({})),
    location: Type.Optional(Type.Object({})),
    template: Type.Optional(MetaTemplate),
  },
  strict,
);

const message = {
  // Which there are is asked by hand: Vonage has codes of its own for them.
  channel: Type.String({ maxLength: NAME_LENGTH_MAX }),
  message_type: Type.String({ maxLength: NAME_LENGTH_MAX }),
  to: Type.String({ minLength: 1, maxLength: ADDRESS_LENGTH_MAX }),
  from: Type.String({ minLength: 1, maxLength: NAME_LENGTH_MAX }),
  text: Type.Optional(Text),
  template: Type.Optional(
    Type.Object(
      {
        name: Type.String({ minLength: 1, maxLength: TEMPLATE_NAME_LENGTH_MAX }),
        parameters: Type.Optional(Type.Array(Text, { maxItems: TEMPLATE_PARAMETER_COUNT_MAX })),
      },
      strict,
    ),
  ),
  image: Captioned,
  audio: Audio,
  video: Captioned,
  file: File,
  custom: Type.Optional(Custom),
  whatsapp: Type.Optional(
    Type.Object(
      {
        policy: Type.Optional(Type.Literal("deterministic")),
        locale: Type.String({ minLength: 2, maxLength: LOCALE_LENGTH_MAX }),
      },
      strict,
    ),
  ),
  sms: Type.Optional(
    Type.Object({ encoding_type: Type.Optional(Type.Enum(["auto", "text", "unicode"])) }, strict),
  ),
  viber_service: Type.Optional(
    Type.Object(
      {
        category: Type.Optional(Type.Enum(["transaction", "promotion"])),
        ttl: Type.Optional(Ttl),
        type: Type.Optional(Type.Literal("text")),
      },
      strict,
    ),
  ),
  ttl: Type.Optional(Ttl),
  client_ref: Type.Optional(Type.String({ maxLength: CLIENT_REF_LENGTH_MAX })),
  webhook_url: Type.Optional(Type.String({ maxLength: URL_LENGTH_MAX })),
  webhook_version: Type.Optional(Type.Literal("v1")),
};

const Message = Type.Object(message, strict);

export const SendBody = Type.Object(
  {
    ...message,
    failover: Type.Optional(Type.Array(Message, { maxItems: STEP_COUNT_MAX - 1 })),
  },
  strict,
);

export type CustomBody = Static<typeof Custom>;
export type MessageBody = Static<typeof Message>;
export type SendBody = Static<typeof SendBody>;
