// What a connection to Vonage's Messages API is made of.
import { createPrivateKey } from "node:crypto";
import { type Static, Type } from "typebox";
import type { OptionFault } from "../provider.ts";
import { ADDRESS_TEXT, SECRET_TEXT } from "../secret-text.ts";

const strict = { additionalProperties: false };

export const VonageOptions = Type.Object(
  {
    applicationId: Type.Optional(
      Type.String({
        pattern: "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$",
        patternWords: "must be a UUID in lower case",
        description:
          "Of the application whose key signs the calls; absent: they log in with the API key.",
      }),
    ),
    apiKey: Type.Optional(Type.String({ pattern: "^[A-Za-z0-9]{1,40}$" })),
    bridgeUrl: Type.Optional(
      Type.String({
        ...ADDRESS_TEXT,
        description:
          "Where Vonage reaches the receipt-bridge. Each message tells Vonage to report there; absent: the application's own status URL.",
      }),
    ),
    address: Type.String({ ...ADDRESS_TEXT, default: "https://api.nexmo.com" }),
  },
  strict,
);
export type VonageOptions = Static<typeof VonageOptions>;

export const VonageCredentials = Type.Object(
  {
    privateKey: Type.Optional(
      Type.String({
        pattern: "^-----BEGIN [A-Z ]*PRIVATE KEY-----",
        patternWords: "must be a private key in PEM, which begins with -----BEGIN PRIVATE KEY-----",
        maxLength: 10_000,
        description: "The application's, RSA, as PEM.",
      }),
    ),
    apiSecret: Type.Optional(Type.String(SECRET_TEXT)),
    signatureSecret: Type.String({ ...SECRET_TEXT, description: "Signs Vonage's webhooks." }),
  },
  strict,
);
export type VonageCredentials = Static<typeof VonageCredentials>;

/** What no schema says: calls are signed by an application, or log in with an API key. */
export function vonageFaults(
  { applicationId, apiKey }: VonageOptions,
  credentials: VonageCredentials | undefined,
): OptionFault[] {
  if ((applicationId === undefined) === (apiKey === undefined)) {
    return [{ path: "/options", words: "must have either an applicationId or an apiKey" }];
  }
  if (credentials === undefined) return [];
  const { privateKey, apiSecret } = credentials;
  if (applicationId !== undefined && !isPrivateKey(privateKey)) {
    return [
      { path: "/credentials/privateKey", words: "must be the application's RSA key, as PEM" },
    ];
  }
  if (apiKey !== undefined && apiSecret === undefined) {
    return [{ path: "/credentials/apiSecret", words: "must be the API key's secret" }];
  }
  return [];
}

function isPrivateKey(pem: string | undefined): pem is string {
  try {
    return pem !== undefined && createPrivateKey(pem).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}
