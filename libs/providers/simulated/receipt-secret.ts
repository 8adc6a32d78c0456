import type { EnvReader } from "#libs/config/read-env.ts";
import { notRandomKey } from "#libs/config/weak-secrets.ts";

/**
 * `RECEIPT_SECRET`: 32 random bytes in base64, which the simulated carriers sign their receipts with,
 * and by which the receipt-bridge believes them. It has no default: whoever has it can end other
 * people's messages.
 */
export function readReceiptSecret(read: EnvReader): Buffer {
  const missing = "make one with `openssl rand -base64 32`, for the bridge and the carriers alike";
  const rule = { findFault: notRandomKey, missing };
  return Buffer.from(read.secret("RECEIPT_SECRET", rule), "base64");
}
