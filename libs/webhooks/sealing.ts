// Secrets at rest: AES-256-GCM under the deployment's SECRETS_KEY, bound to the account that owns
// them, so that a sealed secret is worth nothing under another account.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
/** What NIST SP 800-38D recommends for GCM; never given twice, because it is random. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = "v1.";

export type Seal = { secretsKey: Buffer; accountId: string };

/** The text as nobody without the key can read it. */
export function seal(text: string, { secretsKey, accountId }: Seal): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, secretsKey, nonce).setAAD(Buffer.from(accountId));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return FORM + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** The text again; undefined if it was sealed with another key, for another account, or changed. */
export function openSealed(sealed: string, { secretsKey, accountId }: Seal): string | undefined {
  const bytes = Buffer.from(sealed.startsWith(FORM) ? sealed.slice(FORM.length) : "", "base64url");
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv(ALGORITHM, secretsKey, nonce, options)
    .setAAD(Buffer.from(accountId))
    .setAuthTag(bytes.subarray(NONCE_BYTES, NONCE_BYTES + TAG_BYTES));
  const opened = decipher.update(bytes.subarray(NONCE_BYTES + TAG_BYTES));
  try {
    return Buffer.concat([opened, decipher.final()]).toString("utf8");
  } catch {
    // GCM's tag does not fit; Node has no error code for it.
    return undefined;
  }
}
