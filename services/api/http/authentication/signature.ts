// Requests that are signed: their sender shows who it is by what it makes of the request with a secret
// that is never sent. That needs the whole body, so it is checked once that has been read.
import type { IncomingHttpHeaders } from "node:http";
import type { Parameter } from "../parameters.ts";

export type SignedRequest = {
  method: string;
  /** Without what follows `?`. */
  path: string;
  query: readonly Parameter[];
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** What a body of a form says; of any other nothing. */
  form: readonly Parameter[];
};

/** What the sender of a request says of its signature; nothing of it is true before `isGood` says so. */
export type Signed = {
  accessKeyId: string;
  /** What is asked for, as far as it is signed. */
  action: string;
  version: string;
  /** When it was signed, as it is written there. */
  signedAt: string;
  /** No two requests have the same. */
  nonce: string;
  /** Whether whoever has this secret signed this request. */
  isGood: (secret: string) => boolean;
};

/** Undefined where the request is not signed in this way. */
export type SignatureScheme = (request: SignedRequest) => Signed | undefined;

/** Sorted and encoded by RFC 3986, however the sender wrote it: what Alibaba's signatures sign. */
export function canonicalParameters(parameters: readonly Parameter[]): string {
  const pairs = parameters.map(([name, value]) => `${encode(name)}=${encode(value)}`);
  return pairs.toSorted().join("&");
}

/** By RFC 3986, byte by byte: what is signed may be two megabytes, of which to replace each by a function takes 200 ms. */
export function encode(text: string): string {
  const bytes = Buffer.from(text);
  const encoded = Buffer.allocUnsafe(3 * bytes.length);
  let length = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (IS_UNRESERVED[byte] === 1) {
      encoded[length] = byte;
      length += 1;
    } else {
      encoded[length] = PERCENT;
      encoded[length + 1] = DIGITS[byte >> 4] ?? 0;
      encoded[length + 2] = DIGITS[byte & 15] ?? 0;
      length += 3;
    }
  }
  return encoded.toString("latin1", 0, length);
}

const [PERCENT, DIGITS] = [0x25, Buffer.from("0123456789ABCDEF")];
/** By byte. */
const IS_UNRESERVED = Uint8Array.from({ length: 256 }, (_, byte) =>
  /[\w.~-]/.test(String.fromCharCode(byte)) ? 1 : 0,
);
