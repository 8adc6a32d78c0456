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

/** By RFC 3986, which leaves fewer characters as they are than `encodeURIComponent`. */
export function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`;
  });
}
