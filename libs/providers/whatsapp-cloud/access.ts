// What a connection to Meta's WhatsApp Cloud API is made of.
import { type Static, Type } from "typebox";

const strict = { additionalProperties: false };
/** System-user tokens have some 250 characters today; Meta names no limit. */
const SECRET = { minLength: 1, maxLength: 1_000, pattern: "^[\\x21-\\x7e]+$" };

export const CloudOptions = Type.Object(
  {
    phoneNumberId: Type.String({
      pattern: "^\\d{5,20}$",
      description: "Meta's id of the number that sends: not the number itself.",
    }),
    apiVersion: Type.String({
      pattern: "^v\\d{1,3}\\.\\d$",
      default: "v25.0",
      description: "Of Meta's Graph API.",
    }),
    address: Type.String({
      pattern: "^https?://[^\\s/?#@]+$",
      maxLength: 200,
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
    accessToken: Type.String({ ...SECRET, description: "Of a system user of Meta's." }),
    appSecret: Type.String({ ...SECRET, description: "Signs Meta's webhooks." }),
    verifyToken: Type.String({ ...SECRET, description: "Yours; Meta's console asks for it." }),
  },
  strict,
);
export type CloudCredentials = Static<typeof CloudCredentials>;
