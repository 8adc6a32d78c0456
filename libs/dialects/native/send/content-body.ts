// `content` as the native API takes it, of a message or of one of its steps.
import { type Static, Type } from "typebox";
import {
  SMS_SOURCE_LENGTH_MAX,
  TEMPLATE_COMPONENT_COUNT_MAX,
  TEXT_LENGTH_MAX,
} from "#libs/contracts/limits.ts";

const strict = { additionalProperties: false };

const text = (description: string) => Type.String({ maxLength: TEXT_LENGTH_MAX, description });

const Template = Type.Object(
  {
    // Their forms are the judge's matter: a record's are judged by nobody else.
    name: Type.String({ description: "1 to 512 of the characters a to z, 0 to 9 and _." }),
    language: Type.String({ description: "A language such as en or en_US." }),
    components: Type.Optional(
      Type.Array(Type.Object({}), { maxItems: TEMPLATE_COMPONENT_COUNT_MAX }),
    ),
  },
  { ...strict, description: "A template of the channel; for type TEMPLATE." },
);

const contentMembers = {
  type: Type.Enum(
    [
      "TEXT",
      "TEMPLATE",
      "INTERACTIVE",
      "IMAGE",
      "VIDEO",
      "AUDIO",
      "FILE",
      "LOCATION",
      "CAROUSEL",
      "RICH_CARD",
    ],
    { default: "TEXT" },
  ),
  text: Type.Optional(text("Plain text.")),
  template: Type.Optional(Template),
  rich: Type.Optional(
    Type.Object({}, { description: "Content of the other types, handed to the channel as it is." }),
  ),
  fallbackText: Type.Optional(text("What an SMS says instead of `text`.")),
  sms: Type.Optional(
    Type.Object(
      {
        encoding: Type.Enum(["AUTO", "GSM", "UNICODE"], { default: "AUTO" }),
        source: Type.Optional(
          Type.String({
            minLength: 1,
            maxLength: SMS_SOURCE_LENGTH_MAX,
            description: "The sender that an SMS shows.",
          }),
        ),
      },
      strict,
    ),
  ),
};
/** The schema of a content that its document describes so. */
export function contentBody(description: string) {
  return Type.Object(contentMembers, { ...strict, title: "Content", description });
}
export type ContentBody = Static<ReturnType<typeof contentBody>>;
