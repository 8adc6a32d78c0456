// The deployment's key of keys, which the api and the webhook-notifier share.
import type { EnvReader } from "#libs/config/read-env.ts";
import { notRandomKey } from "#libs/config/weak-secrets.ts";

/** `SECRETS_KEY`: 32 random bytes in base64. It has no default: it guards what is stored. */
export function readSecretsKey(read: EnvReader): Buffer {
  const missing = "make one with `openssl rand -base64 32`, and keep it";
  return Buffer.from(read.secret("SECRETS_KEY", { findFault: notRandomKey, missing }), "base64");
}
