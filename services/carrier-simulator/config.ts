import type { EnvReader } from "#libs/config/read-env.ts";
import { readTimeScale } from "#libs/message-flow/flow-config.ts";
import { readReceiptSecret } from "#libs/providers/simulated/receipt-secret.ts";

export type Config = ReturnType<typeof readConfig>;

/** Reads the settings of the simulated carriers. */
export function readConfig(read: EnvReader) {
  return {
    host: read.text("SIMULATOR_HOST", { default: "127.0.0.1" }),
    port: read.integer("SIMULATOR_PORT", { default: 8082, min: 0, max: 65_535 }),
    receiptUrl: read.url("RECEIPT_URL", { default: "http://127.0.0.1:8081" }),
    receiptSecret: readReceiptSecret(read),
    timeScale: readTimeScale(read),
  };
}
