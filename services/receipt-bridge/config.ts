import { readKafka, readRegistry } from "#libs/config/connections.ts";
import { readListener } from "#libs/config/listeners.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { readReceiptSecret } from "#libs/providers/simulated/receipt-secret.ts";

export type Config = ReturnType<typeof readConfig>;

/** Reads the settings of the receipt-bridge. */
export function readConfig(read: EnvReader) {
  return {
    receiptSecret: readReceiptSecret(read),
    ...readListener(read, "receiptBridge"),
    kafka: readKafka(read),
    ...readRegistry(read),
  };
}
