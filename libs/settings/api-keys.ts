// API keys: 256 random bits each, of which only the SHA-256 hash is kept. So many bits need no slow
// hash: nobody can try them out.
import { createHash, randomBytes } from "node:crypto";
import type { Scope } from "./bodies.ts";
import type { BodyOf } from "./setting.ts";

const KEY_BYTES = 32;

/** The hex SHA-256 of a key. */
export function hashKey(apiKey: string): string {
  return createHash("sha256").update(apiKey).digest("hex");
}

/** A key that nobody has, and what is kept of it. The key itself must be shown now or never. */
export function newApiKey(given: { scopes: Scope[]; label?: string }, now: number) {
  const apiKey = `ft_${randomBytes(KEY_BYTES).toString("base64url")}`;
  const createdAt = new Date(now).toISOString();
  const body: BodyOf<"api-key"> = { hash: hashKey(apiKey), ...given, createdAt };
  return { apiKey, body };
}
