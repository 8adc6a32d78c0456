// Proof by a signature over the raw body: whoever made it has the secret, and nothing was changed.
import { createHmac } from "node:crypto";
import { isSameText } from "#libs/same-text.ts";
import { demandSecret, headerOf, type Proof } from "./proof.ts";

/** How far a timestamp may be from our clock, either way: what was overheard is soon worth nothing. */
const WINDOW_MS = 5 * 60_000;

/** How a signature is written. */
export type SignatureForm = {
  hash: "sha1" | "sha256" | "sha512";
  encoding: "hex" | "base64";
  prefix: string;
};
/** `sha256=<hex>`, as Meta's. */
const USUAL: SignatureForm = { hash: "sha256", encoding: "hex", prefix: "sha256=" };

type HmacRule = {
  secret: Buffer;
  /** Holds the signature in its form. Lower case. */
  signatureHeader: string;
  form?: SignatureForm;
  /** Holds epoch seconds, which are then signed too; null where a carrier sends none. */
  timestampHeader: string | null;
};

/** Throws RangeError for an empty secret. */
export function hmacProof(rule: HmacRule): Proof {
  const { secret, signatureHeader, timestampHeader, form = USUAL } = rule;
  demandSecret(secret);
  return (post, now) => {
    const signature = headerOf(post, signatureHeader);
    if (signature === undefined) return false;
    if (timestampHeader === null) return isSameText(signature, signAs(form, secret, post.body));
    const timestamp = headerOf(post, timestampHeader);
    if (timestamp === undefined || !isNear(timestamp, now)) return false;
    return isSameText(signature, signAs(form, secret, timed(timestamp, post.body)));
  };
}

/** `sha256=<hex>` of the body alone. */
export function signBody(secret: Buffer, body: Buffer): string {
  return signAs(USUAL, secret, body);
}

/** `sha256=<hex>` of `<timestamp>.<body>`; the timestamp in epoch seconds, as the header has it. */
export function signTimed(secret: Buffer, timestamp: string, body: Buffer): string {
  return signBody(secret, timed(timestamp, body));
}

/** The signature as its header has it. */
export function signAs(form: SignatureForm, secret: Buffer, bytes: Buffer): string {
  return form.prefix + createHmac(form.hash, secret).update(bytes).digest(form.encoding);
}

function timed(timestamp: string, body: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${timestamp}.`), body]);
}

function isNear(timestamp: string, now: number): boolean {
  return /^\d{1,12}$/.test(timestamp) && Math.abs(Number(timestamp) * 1000 - now) <= WINDOW_MS;
}
