// What the api is told by its environment.
import type { EnvReader } from "#libs/config/read-env.ts";
import { readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { readEmbeddedKeys } from "#libs/settings/embedded-keys.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";

export type ApiConfig = ReturnType<typeof readApiConfig>;

/**
 * `API_HOST` and `API_PORT`, where it listens; `API_KEY` and `ADMIN_KEY` beside those in the
 * settings, or `DEMO_KEYS`; `SECRETS_KEY`.
 */
export function readApiConfig(read: EnvReader) {
  const host = read.text("API_HOST", { default: "127.0.0.1" });
  return {
    ...readFlowConfig(read),
    host,
    port: read.integer("API_PORT", { default: 8080, min: 0, max: 65_535 }),
    embeddedKeys: readEmbeddedKeys(read, host),
    secretsKeys: readSecretsKeys(read),
  };
}
