import { readKafka, readRegistry } from "#libs/config/connections.ts";
import { readListener } from "#libs/config/listeners.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { readReceiptSecret } from "#libs/providers/simulated/receipt-secret.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";

export type Config = ReturnType<typeof readConfig>;

/** Reads the settings of the receipt-bridge. */
export function readConfig(read: EnvReader) {
  return {
    receiptSecret: readReceiptSecret(read),
    secretsKeys: readSecretsKeys(read),
    ...readListener(read, "receiptBridge"),
    kafka: readKafka(read),
    ...readRegistry(read),
  };
}
