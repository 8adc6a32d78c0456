// The deployment's keys of keys, which the api and the webhook-notifier share.
import type { EnvReader } from "#libs/config/read-env.ts";
import { notRandomKey } from "#libs/config/weak-secrets.ts";
import type { SecretsKeys } from "./sealing.ts";

/**
 * `SECRETS_KEY`: 32 random bytes in base64, without a default: it guards what is stored.
 * `SECRETS_KEYS_OLD`: those that it has followed, separated by commas; they open what they sealed.
 */
export function readSecretsKeys(read: EnvReader): SecretsKeys {
  const missing = "make one with `openssl rand -base64 32`, and keep it";
  const newest = read.secret("SECRETS_KEY", { findFault: notRandomKey, missing });
  const older = read.secret("SECRETS_KEYS_OLD", { findFault: notRandomKeys });
  return [toKey(newest), ...listed(older).map(toKey)];
}

function notRandomKeys(secret: string): string | undefined {
  return listed(secret)
    .map(notRandomKey)
    .find((fault) => fault !== undefined);
}

function listed(secret: string): string[] {
  return secret
    .split(",")
    .map((key) => key.trim())
    .filter((key) => key !== "");
}

function toKey(text: string): Buffer {
  return Buffer.from(text, "base64");
}
