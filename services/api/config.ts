// What the api is told by its environment.
import { readListener } from "#libs/config/listeners.ts";
import { readOutward } from "#libs/config/outward.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { readFlowConfig } from "#libs/message-flow/flow-config.ts";
import { readEmbeddedKeys } from "#libs/settings/embedded-keys.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";

export type ApiConfig = ReturnType<typeof readApiConfig>;

/**
 * `API_HOST` and `API_PORT`, where it listens; `API_KEY` and `ADMIN_KEY` beside those in the
 * settings, or `DEMO_KEYS`; `SECRETS_KEY`; `CONNECTION_ALLOW_PRIVATE`, as the dispatchers have it.
 */
export function readApiConfig(read: EnvReader) {
  const listener = readListener(read, "api");
  const flow = readFlowConfig(read);
  return {
    ...flow,
    outward: readOutward(read, "CONNECTION_ALLOW_PRIVATE", flow),
    ...listener,
    embeddedKeys: readEmbeddedKeys(read, listener.host),
    secretsKeys: readSecretsKeys(read),
  };
}
