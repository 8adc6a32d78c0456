// What a connection to Infobip is made of.
import { type Static, Type } from "typebox";
import { ADDRESS_TEXT, SECRET_TEXT } from "../secret-text.ts";

const strict = { additionalProperties: false };

export const InfobipOptions = Type.Object(
  {
    address: Type.String({
      ...ADDRESS_TEXT,
      description: "The account's own base URL, as Infobip's portal shows it.",
    }),
    bridgeUrl: Type.Optional(
      Type.String({
        ...ADDRESS_TEXT,
        description:
          "Where Infobip reaches the receipt-bridge. Each message tells Infobip to report there; absent: a subscription of the account's does.",
      }),
    ),
    receipts: Type.Enum(["push", "poll"], {
      default: "push",
      description: "`poll`: they are asked for, where nothing can be posted to. Not of WhatsApp.",
    }),
    signatureHeader: Type.String({
      pattern: "^[A-Za-z0-9-]{1,64}$",
      default: "x-signature",
      description: "The header that a subscription with HMAC was given for its signature.",
    }),
  },
  strict,
);
export type InfobipOptions = Static<typeof InfobipOptions>;

export const InfobipCredentials = Type.Object(
  {
    apiKey: Type.String({ ...SECRET_TEXT, description: "With the scope `message:send`." }),
    webhookSecret: Type.Optional(
      Type.String({ ...SECRET_TEXT, description: "Signs what a subscription with HMAC posts." }),
    ),
    webhookUser: Type.Optional(
      Type.String({
        ...SECRET_TEXT,
        pattern: "^[\\x21-\\x39\\x3b-\\x7e]+$",
        patternWords: "must be printable ASCII without spaces and colons",
      }),
    ),
    webhookPassword: Type.Optional(
      Type.String({ ...SECRET_TEXT, description: "Of a subscription with basic authentication." }),
    ),
  },
  strict,
);
export type InfobipCredentials = Static<typeof InfobipCredentials>;
