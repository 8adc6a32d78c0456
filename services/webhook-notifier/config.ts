import { readKafka, readRedis, readRegistry } from "#libs/config/connections.ts";
import { readOutward } from "#libs/config/outward.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";

export type Config = ReturnType<typeof readConfig>;

/** The environment of the webhook-notifier; its only listener is the one of the metrics. */
export function readConfig(read: EnvReader) {
  const infrastructure = { kafka: readKafka(read), ...readRegistry(read), ...readRedis(read) };
  return {
    ...infrastructure,
    secretsKeys: readSecretsKeys(read),
    outward: readOutward(read, "WEBHOOK_ALLOW_PRIVATE", infrastructure),
  };
}
