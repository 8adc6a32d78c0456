import { readKafka, readRedis, readRegistry } from "#libs/config/connections.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";

export type Config = ReturnType<typeof readConfig>;

/** The environment of the webhook-notifier; its only listener is the one of the metrics. */
export function readConfig(read: EnvReader) {
  return {
    kafka: readKafka(read),
    ...readRegistry(read),
    ...readRedis(read),
    secretsKeys: readSecretsKeys(read),
    // For a receiver on this machine or in this network; else customers could reach into it.
    allowPrivate: read.oneOf("WEBHOOK_ALLOW_PRIVATE", ["true", "false"], "false") === "true",
  };
}
