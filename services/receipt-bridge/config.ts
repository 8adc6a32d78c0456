import { readKafka, readRegistry } from "#libs/config/connections.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { readReceiptSecret } from "#libs/providers/simulated/receipt-secret.ts";

export type Config = ReturnType<typeof readConfig>;

/** Reads the settings of the receipt-bridge. */
export function readConfig(read: EnvReader) {
  return {
    host: read.text("RECEIPT_HOST", { default: "127.0.0.1" }),
    port: read.integer("RECEIPT_PORT", { default: 8081, min: 0, max: 65_535 }),
    receiptSecret: readReceiptSecret(read),
    kafka: readKafka(read),
    ...readRegistry(read),
  };
}
