// What a connection to any gateway over HTTP is made of: the request as templates, what its answers
// mean as rules, where in its receipts is what. Data alone: no expressions, no code.
import { type Static, type TString, Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { ADDRESS_TEXT, SECRET_TEXT } from "../secret-text.ts";
import { AnswerOptions, ErrorClasses } from "./answer-options.ts";
import { ReceiptOptions } from "./receipt-options.ts";
import { AuthOptions, RequestOptions } from "./request-options.ts";

const strict = { additionalProperties: false };

export const GenericOptions = Type.Object(
  {
    channel: Type.Enum(channels, { description: "What its messages are, and its receipts of." }),
    request: RequestOptions,
    auth: Type.Optional(AuthOptions),
    answer: AnswerOptions,
    errorClasses: Type.Optional(ErrorClasses),
    receipts: Type.Optional(ReceiptOptions),
    bridgeUrl: Type.Optional(
      Type.String({
        ...ADDRESS_TEXT,
        description: "Where the gateway reaches the receipt-bridge: for `{receiptsUrl}`.",
      }),
    ),
  },
  strict,
);
export type GenericOptions = Static<typeof GenericOptions>;

/** By whatever names the options use: `{secrets.apiKey}`. */
const NAMES: Record<string, TString> = {};
export const GenericCredentials = Type.Object(NAMES, {
  additionalProperties: Type.String(SECRET_TEXT),
  maxProperties: 20,
});
export type Secrets = Readonly<Record<string, string>>;
