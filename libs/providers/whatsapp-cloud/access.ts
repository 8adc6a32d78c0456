// What a connection to Meta's WhatsApp Cloud API is made of.
import { type Static, Type } from "typebox";
import { TEMPLATE_NAME } from "#libs/settings/bodies/template.ts";
import { ADDRESS_TEXT, SECRET_TEXT } from "../secret-text.ts";

const strict = { additionalProperties: false };

/** Meta's limit is 6,000 templates a business; those of marketing that go another way are some. */
const MARKETING_TEMPLATE_COUNT_MAX = 500;

const Marketing = Type.Object(
  {
    templates: Type.Array(Type.String({ pattern: TEMPLATE_NAME.source }), {
      minItems: 1,
      maxItems: MARKETING_TEMPLATE_COUNT_MAX,
      uniqueItems: true,
      description: "Names of marketing templates; Meta refuses others there.",
    }),
    productPolicy: Type.Optional(
      Type.Enum(["CLOUD_API_FALLBACK", "STRICT"], {
        description: "Whether Meta may send by the Cloud API after all. Absent: as Meta does.",
      }),
    ),
    activitySharing: Type.Optional(
      Type.Boolean({ description: "Absent: as the business has set it at Meta." }),
    ),
  },
  strict,
);

export const CloudOptions = Type.Object(
  {
    phoneNumberId: Type.String({
      pattern: "^\\d{5,20}$",
      patternWords: "must be Meta's id of the number, 5 to 20 digits",
      description: "Meta's id of the number that sends: not the number itself.",
    }),
    businessAccountId: Type.Optional(
      Type.String({
        pattern: "^\\d{5,20}$",
        patternWords: "must be Meta's id of the account, 5 to 20 digits",
        description: "Of the WhatsApp Business Account (WABA), whose templates can be listed.",
      }),
    ),
    directSend: Type.Optional(
      Type.Enum(["utility", "authentication"], {
        description:
          "Texts and buttons are sent as templates of this category that Meta makes itself. Only for businesses that Meta lets.",
      }),
    ),
    marketing: Type.Optional(Marketing),
    apiVersion: Type.String({
      pattern: "^v\\d{1,3}\\.\\d$",
      patternWords: "must be a version such as v25.0",
      default: "v25.0",
      description: "Of Meta's Graph API.",
    }),
    address: Type.String({
      ...ADDRESS_TEXT,
      default: "https://graph.facebook.com",
      description:
        "Where the API is, for a reseller that speaks the same; https, but on this machine.",
    }),
  },
  strict,
);
export type CloudOptions = Static<typeof CloudOptions>;

export const CloudCredentials = Type.Object(
  {
    accessToken: Type.String({ ...SECRET_TEXT, description: "Of a system user of Meta's." }),
    appSecret: Type.String({ ...SECRET_TEXT, description: "Signs Meta's webhooks." }),
    verifyToken: Type.String({ ...SECRET_TEXT, description: "Yours; Meta's console asks for it." }),
  },
  strict,
);
export type CloudCredentials = Static<typeof CloudCredentials>;
