// The tokens that Vonage and we sign: RFC 7519, by RS256 and HS256 alone.
import { createHmac, randomUUID } from "node:crypto";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { isSameText } from "#libs/same-text.ts";
import { signedToken } from "../signed-token.ts";

/** A call is made at once; Vonage's clock may be another one. */
const LIFETIME_SECONDS = 5 * 60;

/** Proves that a call is the application's. Good for one call: each has an id of its own. */
export function signedByApplication(
  { applicationId, privateKey }: { applicationId: string; privateKey: string },
  now: number,
): string {
  const iat = Math.floor(now / 1_000);
  const claims = {
    application_id: applicationId,
    iat,
    exp: iat + LIFETIME_SECONDS,
    jti: randomUUID(),
  };
  return signedToken(claims, privateKey);
}

/** The claims of a token that the secret signed by HS256; undefined for any other. When it ends is not asked. */
export function claimsSignedBy(secret: string, token: string): JsonObject | undefined {
  const [header = "", claims = "", signature = "", ...more] = token.split(".");
  if (more.length > 0 || decoded(header)?.["alg"] !== "HS256") return undefined;
  const expected = createHmac("sha256", secret).update(`${header}.${claims}`).digest("base64url");
  return isSameText(signature, expected) ? decoded(claims) : undefined;
}

function decoded(part: string): JsonObject | undefined {
  const value = parseJson(Buffer.from(part, "base64url").toString());
  return isObject(value) ? value : undefined;
}
