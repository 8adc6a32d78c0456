// Proof by a signature over the raw body: whoever made it has the secret, and nothing was changed.
import { createHmac } from "node:crypto";
import { isSameText } from "#libs/same-text.ts";
import { demandSecret, headerOf, type Proof } from "./proof.ts";

/** How far a timestamp may be from our clock, either way: what was overheard is soon worth nothing. */
const WINDOW_MS = 5 * 60_000;

type HmacRule = {
  secret: Buffer;
  /** Holds `sha256=<hex>`, as Meta's does. Lower case. */
  signatureHeader: string;
  /** Holds epoch seconds, which are then signed too; null where a carrier sends none. */
  timestampHeader: string | null;
};

/** Throws RangeError for an empty secret. */
export function hmacProof({ secret, signatureHeader, timestampHeader }: HmacRule): Proof {
  demandSecret(secret);
  return (post, now) => {
    const signature = headerOf(post, signatureHeader);
    if (signature === undefined) return false;
    if (timestampHeader === null) return isSameText(signature, signBody(secret, post.body));
    const timestamp = headerOf(post, timestampHeader);
    if (timestamp === undefined || !isNear(timestamp, now)) return false;
    return isSameText(signature, signTimed(secret, timestamp, post.body));
  };
}

/** `sha256=<hex>` of the body alone. */
export function signBody(secret: Buffer, body: Buffer): string {
  return `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;
}

/** `sha256=<hex>` of `<timestamp>.<body>`; the timestamp in epoch seconds, as the header has it. */
export function signTimed(secret: Buffer, timestamp: string, body: Buffer): string {
  return signBody(secret, Buffer.concat([Buffer.from(`${timestamp}.`), body]));
}

function isNear(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1000 - now) <= WINDOW_MS;
}
