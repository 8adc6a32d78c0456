// API keys: 256 random bits each, of which only the SHA-256 hash is kept. So many bits need no slow
// hash: nobody can try them out. A signature cannot be checked by a hash: an access key has a secret
// beside its key, which is kept sealed.
import { hash, randomBytes } from "node:crypto";
import { type Seal, seal } from "#libs/webhooks/sealing.ts";
import type { Scope } from "./bodies/api-key.ts";
import type { BodyOf } from "./setting.ts";

const KEY_BYTES = 32;

/** The hex SHA-256 of a key. */
export function hashKey(apiKey: string): string {
  return hash("sha256", apiKey);
}

type GivenKey = { scopes: Scope[]; label?: string; publicKey?: string };

/** A key that nobody has, and what is kept of it. The key itself must be shown now or never. */
export function newApiKey(given: GivenKey, now: number) {
  const apiKey = `ft_${randomKey()}`;
  const createdAt = new Date(now).toISOString();
  const body: BodyOf<"api-key"> = { hash: hashKey(apiKey), ...given, createdAt };
  return { apiKey, body };
}

/** A secret to sign with, to be shown now or never, and as it is kept. */
export function newAccessSecret(sealing: Seal): { secret: string; sealedSecret: string } {
  const secret = randomKey();
  return { secret, sealedSecret: seal(secret, sealing) };
}

function randomKey(): string {
  return randomBytes(KEY_BYTES).toString("base64url");
}
