// What a connection to Google's RCS for Business is made of.
import { type Static, Type } from "typebox";
import { ADDRESS_TEXT, SECRET_TEXT } from "../secret-text.ts";

const strict = { additionalProperties: false };

export const RbmOptions = Type.Object(
  {
    agentId: Type.String({ pattern: "^[\\w.@-]{1,200}$", description: "Of Google's console." }),
    trafficType: Type.Optional(
      Type.Enum(
        ["AUTHENTICATION", "TRANSACTION", "PROMOTION", "SERVICEREQUEST", "ACKNOWLEDGEMENT"],
        {
          description: "Of all its messages; an agent for several uses must say it.",
        },
      ),
    ),
    address: Type.String({
      ...ADDRESS_TEXT,
      default: "https://rcsbusinessmessaging.googleapis.com",
      description:
        "The agent's region has its own: https://europe-rcsbusinessmessaging.googleapis.com.",
    }),
    tokenUrl: Type.String({
      pattern: "^https?://[^\\s/?#@]+(/[^\\s?#]*)?$",
      maxLength: 200,
      default: "https://oauth2.googleapis.com/token",
    }),
  },
  strict,
);
export type RbmOptions = Static<typeof RbmOptions>;

export const RbmCredentials = Type.Object(
  {
    serviceAccount: Type.String({
      minLength: 1,
      maxLength: 10_000,
      description: "The service account's key file as it is: JSON.",
    }),
    clientToken: Type.String({ ...SECRET_TEXT, description: "Of the webhook; signs its posts." }),
  },
  strict,
);
export type RbmCredentials = Static<typeof RbmCredentials>;
