// The deployment's key of keys, which the api and the webhook-notifier share.
import type { EnvReader } from "#libs/config/read-env.ts";

const KEY_BYTES = 32;
const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/** Public knowledge, hence only good on loopback outside production. */
const DEVELOPMENT_KEY = "ZmFsbHRocm91Z2gncyBwdWJsaWMga2V5LCBkZXYgMDE=";

/**
 * `SECRETS_KEY`: 32 random bytes in base64, else the public one, which is refused where others could
 * reach the listener or where `NODE_ENV` is production.
 */
export function readSecretsKey(read: EnvReader, listenHost: string): Buffer {
  const production = read.text("NODE_ENV", { default: "development" }) === "production";
  return read.secret("SECRETS_KEY", {
    byteCount: KEY_BYTES,
    publicSecret: DEVELOPMENT_KEY,
    mayBePublic: LOOPBACK.includes(listenHost) && !production,
  });
}
