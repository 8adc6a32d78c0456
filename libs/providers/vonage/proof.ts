// Vonage's signed webhooks: a token of HS256 in `Authorization` whose claims say which body it is for
// (https://developer.vonage.com/en/getting-started/concepts/webhooks). Vonage's own SDK looks at the
// signature alone, so that any token that was ever seen would prove any body.
import { createHash } from "node:crypto";
import type { JsonObject } from "#libs/json/json-object.ts";
import { isSameText } from "#libs/same-text.ts";
import { demandSecret, headerOf, type Proof } from "../authentication/proof.ts";
import { claimsSignedBy } from "./json-web-token.ts";

/** How far clocks may differ. */
const SKEW_MS_MAX = 5 * 60_000;
/**
 * How old a token without an end may be: Vonage posts again for a day what was not taken. It proves
 * one body, and the same body again changes nothing.
 */
const AGE_MS_MAX = 24 * 60 * 60_000;

/** Throws RangeError for an empty secret. */
export function vonageProof(secret: string): Proof {
  demandSecret(secret);
  return (post, now) => {
    const [, token] = /^bearer +(\S+)$/i.exec(headerOf(post, "authorization") ?? "") ?? [];
    const claims = token === undefined ? undefined : claimsSignedBy(secret, token);
    return claims !== undefined && isOf(post.body, claims) && isFresh(claims, now);
  };
}

function isOf(body: Buffer, { payload_hash: hash }: JsonObject): boolean {
  const expected = createHash("sha256").update(body).digest("hex");
  return typeof hash === "string" && isSameText(hash.toLowerCase(), expected);
}

/** One that says when it ends is over then; one that does not, a day after it was made. */
function isFresh({ iat, exp, nbf }: JsonObject, now: number): boolean {
  if (typeof iat !== "number" || !isBegun(iat, now)) return false;
  if (nbf !== undefined && !(typeof nbf === "number" && isBegun(nbf, now))) return false;
  if (exp === undefined) return now - iat * 1_000 <= AGE_MS_MAX;
  return typeof exp === "number" && now < exp * 1_000;
}

function isBegun(seconds: number, now: number): boolean {
  return seconds * 1_000 - now <= SKEW_MS_MAX;
}
