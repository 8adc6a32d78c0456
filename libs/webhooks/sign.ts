// Signatures of Standard Webhooks: https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md
import { createHmac, randomBytes } from "node:crypto";

/** The specification asks for 24 to 64 bytes. */
const SECRET_BYTES = 32;
const PREFIX = "whsec_";

export type Signing = {
  /** The same for every try of one notification: receivers know repetitions by it. */
  id: string;
  /** Of this try, epoch ms: receivers refuse what is older than five minutes. */
  at: number;
  body: string;
  /** In the form `whsec_...`. Several while one is replaced: receivers take either signature. */
  secrets: readonly string[];
};

/** A secret that nobody has. */
export function newSecret(): string {
  return secretOf(randomBytes(SECRET_BYTES));
}

/** Bytes as a secret: what a receiver is given. */
export function secretOf(bytes: Buffer): string {
  return PREFIX + bytes.toString("base64");
}

/** The three headers by which a receiver checks who sent it, when, and that nothing was changed. */
export function signedHeaders({ id, at, body, secrets }: Signing): Record<string, string> {
  const timestamp = String(Math.floor(at / 1_000));
  const signatures = secrets.map((secret) => {
    const key = Buffer.from(secret.slice(PREFIX.length), "base64");
    const hmac = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`);
    return `v1,${hmac.digest("base64")}`;
  });
  return {
    "webhook-id": id,
    "webhook-timestamp": timestamp,
    "webhook-signature": signatures.join(" "),
  };
}
