// Twilio's signature (its page "Webhooks Security", and twilio 6.3.1 for the one by SharedKey): an
// HMAC of the address that was posted to and of the form's members, each with its value, by name.
import { createHmac } from "node:crypto";
import { isSameText } from "#libs/same-text.ts";
import { demandSecret, headerOf, type Proof, type RawPost } from "../authentication/proof.ts";

/** A callback has some hundred bytes. Longer ones are nobody's: they would be read to prove it. */
const BODY_BYTES_MAX = 64 * 1024;

type TwilioSecrets = { authToken: string; sharedKeySecret?: string };

/** `url` is the public one, as Twilio was told. Throws RangeError for an empty secret. */
export function twilioProof(url: string, { authToken, sharedKeySecret }: TwilioSecrets): Proof {
  demandSecret(authToken);
  if (sharedKeySecret !== undefined) demandSecret(sharedKeySecret);
  return (post) => {
    const signature = headerOf(post, "x-twilio-signature");
    if (signature === undefined || post.body.length > BODY_BYTES_MAX) return false;
    const hash = hashOf(post);
    const isShared = headerOf(post, "x-twilio-webhooks-signature-settings") !== undefined;
    const secret = isShared ? sharedKeySecret : authToken;
    if (hash === undefined || secret === undefined) return false;
    // Twilio signs the address with its port or without.
    const urls = [withoutPort(url), withPort(url)];
    const members = membersOf(post);
    return urls.some((each) => {
      const expected = createHmac(hash, secret)
        .update(each + members)
        .digest("base64");
      return isSameText(signature, expected);
    });
  };
}

/** `key=...,algorithm=HMAC_SHA256` for a SharedKey; without the header it is SHA-1 by the auth token. */
function hashOf(post: RawPost): "sha1" | "sha256" | undefined {
  const settings = headerOf(post, "x-twilio-webhooks-signature-settings") ?? "";
  const [, algorithm = "HMAC_SHA1"] = /(?:^|,)\s*algorithm\s*=\s*([^,\s]+)/.exec(settings) ?? [];
  if (algorithm.toUpperCase() === "HMAC_SHA1") return "sha1";
  return algorithm.toUpperCase() === "HMAC_SHA256" ? "sha256" : undefined;
}

/** Of a name that is there several times, each value once, in order. */
function membersOf({ body }: RawPost): string {
  const values = new Map<string, Set<string>>();
  for (const [name, value] of new URLSearchParams(body.toString())) {
    values.set(name, (values.get(name) ?? new Set()).add(value));
  }
  // Texts sort by their code units.
  return [...values]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .flatMap(([name, ofName]) => [...ofName].toSorted().map((value) => name + value))
    .join("");
}

function withoutPort(url: string): string {
  return url.replace(/^(https?:\/\/(?:\[[^\]]+\]|[^/:]+)):\d+/, "$1");
}

function withPort(url: string): string {
  const port = url.startsWith("https:") ? 443 : 80;
  return url.replace(/^(https?:\/\/(?:\[[^\]]+\]|[^/:]+))(?=\/|$)/, `$1:${port}`);
}
