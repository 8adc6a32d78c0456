// Public keys that tokens are checked with.
import { createPublicKey, type KeyObject } from "node:crypto";

/** What RS256 asks for: RFC 7518, section 3.3. */
const BITS_MIN = 2_048;
/** A check takes as long as the key is. */
const BITS_MAX = 16_384;
const PEM = /^\s*-----BEGIN (RSA )?PUBLIC KEY-----[\sA-Za-z0-9+/=]+-----END \1PUBLIC KEY-----\s*$/;

/** What is wrong with a key as a caller gives it; null for a good one. The words stand behind its name. */
export function publicKeyFault(pem: string): string | null {
  const key = PEM.test(pem) ? readPublicKey(pem) : undefined;
  if (!key) return "must be a public key in PEM, from BEGIN to END PUBLIC KEY";
  const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
  if (key.asymmetricKeyType === "rsa" && bits >= BITS_MIN && bits <= BITS_MAX) return null;
  return `must be an RSA key of ${BITS_MIN} to ${BITS_MAX} bits`;
}

/** Undefined for what is none. */
export function readPublicKey(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem.trim());
  } catch {
    return undefined;
  }
}
