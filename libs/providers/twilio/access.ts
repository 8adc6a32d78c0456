// What a connection to Twilio's Programmable Messaging is made of.
import { type Static, Type } from "typebox";
import { ADDRESS_TEXT, SECRET_TEXT } from "../secret-text.ts";

const strict = { additionalProperties: false };

export const TwilioOptions = Type.Object(
  {
    accountSid: Type.String({
      pattern: "^AC[0-9a-fA-F]{32}$",
      patternWords: "must be AC and 32 hexadecimal digits",
    }),
    messagingServiceSid: Type.Optional(
      Type.String({
        pattern: "^MG[0-9a-fA-F]{32}$",
        patternWords: "must be MG and 32 hexadecimal digits",
        description: "Sends SMS from a sender of this service; absent: from the step's own.",
      }),
    ),
    bridgeUrl: Type.String({
      ...ADDRESS_TEXT,
      description:
        "Where Twilio reaches the receipt-bridge. Each message tells Twilio to report there, and Twilio signs that address.",
    }),
    address: Type.String({ ...ADDRESS_TEXT, default: "https://api.twilio.com" }),
  },
  strict,
);
export type TwilioOptions = Static<typeof TwilioOptions>;

export const TwilioCredentials = Type.Object(
  {
    apiKeySid: Type.String({
      pattern: "^(SK|AC)[0-9a-fA-F]{32}$",
      patternWords: "must be SK (or AC: the account's own SID) and 32 hexadecimal digits",
    }),
    apiKeySecret: Type.String({
      ...SECRET_TEXT,
      description: "Of the API key; the auth token where `apiKeySid` is the account's.",
    }),
    authToken: Type.String({ ...SECRET_TEXT, description: "Signs Twilio's webhooks." }),
    sharedKeySecret: Type.Optional(
      Type.String({ ...SECRET_TEXT, description: "Signs them where a SharedKey is set up." }),
    ),
  },
  strict,
);
export type TwilioCredentials = Static<typeof TwilioCredentials>;
