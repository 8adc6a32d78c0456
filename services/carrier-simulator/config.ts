import { readListener } from "#libs/config/listeners.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { readTimeScale } from "#libs/message-flow/flow-config.ts";
import { readReceiptSecret } from "#libs/providers/simulated/receipt-secret.ts";

export type Config = ReturnType<typeof readConfig>;

/** Reads the settings of the simulated carriers. */
export function readConfig(read: EnvReader) {
  return {
    ...readListener(read, "carrierSimulator"),
    receiptUrl: read.url("RECEIPT_URL", { default: "http://127.0.0.1:8081" }),
    receiptSecret: readReceiptSecret(read),
    timeScale: readTimeScale(read),
  };
}
