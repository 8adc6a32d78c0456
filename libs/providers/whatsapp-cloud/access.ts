// What a connection to Meta's WhatsApp Cloud API is made of.
import { type Static, Type } from "typebox";
import { ADDRESS_TEXT, SECRET_TEXT } from "../secret-text.ts";

const strict = { additionalProperties: false };

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
