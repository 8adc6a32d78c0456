// Secrets at rest: AES-256-GCM under the deployment's SECRETS_KEY, bound to the account that owns
// them, so that a sealed secret is worth nothing under another account.
import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";

const ALGORITHM = "aes-256-gcm";
/** What NIST SP 800-38D recommends for GCM; never given twice, because it is random. */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const FORM = "v1.";

/** The first seals, all of them open: the newest, then those that it has followed. */
export type SecretsKeys = readonly [Buffer, ...Buffer[]];
export type Seal = { secretsKeys: SecretsKeys; accountId: string };

/** The text as nobody without the key can read it. */
export function seal(text: string, { secretsKeys, accountId }: Seal): string {
  const nonce = randomBytes(NONCE_BYTES);
  const [newest] = secretsKeys;
  const cipher = createCipheriv(ALGORITHM, newest, nonce).setAAD(Buffer.from(accountId));
  const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return FORM + Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
}

/** The text again; undefined if it was sealed with a key that is not there, for another account, or changed. */
export function openSealed(sealed: string, { secretsKeys, accountId }: Seal): string | undefined {
  const bytes = Buffer.from(sealed.startsWith(FORM) ? sealed.slice(FORM.length) : "", "base64url");
  if (bytes.length < NONCE_BYTES + TAG_BYTES) return undefined;
  for (const key of secretsKeys) {
    const opened = openWith(key, bytes, accountId);
    if (opened !== undefined) return opened;
  }
  return undefined;
}

/** The same text sealed by the newest key; as it is where that has sealed it, or where no key fits. */
export function sealAgain(sealed: string, sealing: Seal): string {
  const [newest] = sealing.secretsKeys;
  if (openSealed(sealed, { ...sealing, secretsKeys: [newest] }) !== undefined) return sealed;
  const text = openSealed(sealed, sealing);
  return text === undefined ? sealed : seal(text, sealing);
}

function openWith(key: Buffer, bytes: Buffer, accountId: string): string | undefined {
  const nonce = bytes.subarray(0, NONCE_BYTES);
  const options = { authTagLength: TAG_BYTES };
  const decipher = createDecipheriv(ALGORITHM, key, nonce, options)
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
