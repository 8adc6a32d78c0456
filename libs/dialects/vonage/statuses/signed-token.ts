// Vonage's signed webhooks: a token of HS256 by which a receiver checks that it was Vonage who posted, and
// that the body is as it was (https://developer.vonage.com/en/getting-started/concepts/webhooks).
import { createHash, createHmac } from "node:crypto";
import { toUuid } from "#libs/dialects/batch-ids.ts";
import type { Posting } from "#libs/dialects/dialect.ts";

/** `Bearer <JWT>`. The secret is the key as it is written. Each try has an id of its own. */
export function signedToken({ id, accountId, at, body, secret }: Posting): string {
  const claims = {
    iat: Math.floor(at / 1_000),
    jti: toUuid(sha256(`${id}:${at}`)),
    iss: "Vonage",
    payload_hash: sha256(body).toString("hex"),
    api_key: accountId,
  };
  const signed = [{ alg: "HS256", typ: "JWT" }, claims].map(encode).join(".");
  const signature = createHmac("sha256", secret).update(signed).digest("base64url");
  return `Bearer ${signed}.${signature}`;
}

function encode(part: object): string {
  return Buffer.from(JSON.stringify(part)).toString("base64url");
}

function sha256(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
