// How a service account of Google's asks for an access token (RFC 7523): by an assertion that it signs.
import { createPrivateKey, type KeyObject } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { type TokenRequest, tokenRequest } from "#libs/http/outward/token-grant.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { signedToken } from "../signed-token.ts";

const SCOPE = "https://www.googleapis.com/auth/rcsbusinessmessaging";
const GRANT = "urn:ietf:params:oauth:grant-type:jwt-bearer";
/** Google's limit of an assertion's life. */
const LIFE_SECONDS = 3_600;

const KeyFile = Type.Object({
  client_email: Type.String({ minLength: 1 }),
  private_key: Type.String({ minLength: 1 }),
});

export type ServiceAccount = { email: string; key: KeyObject };

/** Undefined for what is no key file, or whose key is none of RSA. */
export function readServiceAccount(text: string): ServiceAccount | undefined {
  const file = parseJson(text);
  if (!Value.Check(KeyFile, file)) return undefined;
  try {
    const key = createPrivateKey(file.private_key);
    return key.asymmetricKeyType === "rsa" ? { email: file.client_email, key } : undefined;
  } catch {
    // What is no key has many codes.
    return undefined;
  }
}

/** `now` is epoch ms. */
export function assertionRequest(
  { email: iss, key }: ServiceAccount,
  { audience: aud, now }: { audience: string; now: number },
): TokenRequest {
  const iat = Math.floor(now / 1_000);
  const claims = { iss, scope: SCOPE, aud, iat, exp: iat + LIFE_SECONDS };
  return tokenRequest({ grant_type: GRANT, assertion: signedToken(claims, key) });
}
