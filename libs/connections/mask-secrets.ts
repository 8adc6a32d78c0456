// What is shown of a call: everything but what is secret.
import type { RecordedCall } from "./recorder.ts";

const MASK = "***";
/** Headers that are a secret as a whole; of an authorization the scheme is shown. */
const SECRET_HEADERS = /^(proxy-)?authorization$/i;
/** What is signed for an hour, or asks for what is: RFC 6749 and RFC 7523. */
const SECRET_FIELDS = /((?:^|&)(?:assertion|client_secret|client_assertion)=)[^&]*/g;

/** `secrets`: the connection's credentials, which stand nowhere in what is returned. */
export function maskSecrets(call: RecordedCall, secrets: readonly string[]): RecordedCall {
  const mask = masking(secrets);
  const headers = Object.entries(call.headers).map(([name, value]) => [
    name,
    SECRET_HEADERS.test(name) ? value.replace(/(^\S+ )?.*/s, `$1${MASK}`) : mask(value),
  ]);
  return {
    method: call.method,
    url: mask(call.url),
    headers: Object.fromEntries(headers),
    body: mask(call.body).replaceAll(SECRET_FIELDS, `$1${MASK}`),
  };
}

/** In every spelling that a request can have of a text; longer ones first, as one may hold another. */
export function masking(secrets: readonly string[]): (text: string) => string {
  const spelt = secrets.filter((each) => each !== "").flatMap(spellingsOf);
  const longestFirst = [...new Set(spelt)].toSorted((a, b) => b.length - a.length);
  return (text) => longestFirst.reduce((masked, each) => masked.replaceAll(each, MASK), text);
}

function spellingsOf(secret: string): string[] {
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ "": secret }).toString().slice(1),
    JSON.stringify(secret).slice(1, -1),
    secret
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&apos;"),
    Buffer.from(secret).toString("base64"),
  ];
}
