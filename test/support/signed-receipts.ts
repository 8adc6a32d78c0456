// Receipts as the simulated carriers post them, signed with the secret that tests share.
import { randomBytes } from "node:crypto";
import { signTimed } from "#libs/providers/authentication/hmac.ts";
import { receiptHeaders } from "#libs/providers/simulated/wire.ts";

export const receiptSecret = randomBytes(32);

/** The headers that prove `body`, as they were at `at`, epoch ms. */
export function proofOf(body: string | Buffer, at = Date.now(), secret = receiptSecret) {
  const timestamp = String(Math.floor(at / 1000));
  return {
    [receiptHeaders.timestampHeader]: timestamp,
    [receiptHeaders.signatureHeader]: signTimed(secret, timestamp, Buffer.from(body)),
  };
}
