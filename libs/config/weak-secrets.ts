// What may guard anything. The keys that this product asks for are made by machines, so a rule that
// would annoy people who choose passwords costs nobody anything here.

/** Written in public: in this repository, or in everybody's first try. */
const PUBLIC_SECRETS: readonly string[] = [
  "demo-key",
  "demo-admin-key",
  "choose-one",
  "change-me",
  "changeme",
  // What earlier versions sealed with where no key was given.
  "ZmFsbHRocm91Z2gncyBwdWJsaWMga2V5LCBkZXYgMDE=",
];

/**
 * Why this must not guard what can only be tried against a listener, such as an API key: 2^40 tries
 * at 1,000 a second take 35 years. Undefined where it may.
 */
export function weakAgainstTries(secret: string): string | undefined {
  return findWeakness(secret, { lengthMin: 16, bitsMin: 40 });
}

/**
 * Why this must not guard what can be tried at home, such as the secret of a signature that
 * somebody has seen: billions a second, hence 128 bits in hexadecimal digits. Undefined where it may.
 */
export function weakAgainstSearch(secret: string): string | undefined {
  return findWeakness(secret, { lengthMin: 32, bitsMin: 90 });
}

/** Why this is no 32 random bytes in base64, in either alphabet; undefined where it is. */
export function notRandomKey(secret: string): string | undefined {
  if (PUBLIC_SECRETS.includes(secret)) return PUBLIC;
  const key = Buffer.from(secret, "base64");
  if (!/^[\w+/-]{43}=?$/.test(secret) || key.length !== KEY_BYTES) {
    return `it must be ${KEY_BYTES} random bytes in base64`;
  }
  // Of 32 random bytes all are printable once in 10^13 keys.
  if (key.every((byte) => byte >= 0x20 && byte < 0x7f)) return "these are words, not random bytes";
  return guessBits(key) < KEY_BITS_MIN ? REGULAR : undefined;
}

/** What AES-256 takes. */
const KEY_BYTES = 32;
/** 32 random bytes have 29 to 32 different values: 155 bits by the measure below, and more. */
const KEY_BITS_MIN = 128;
const PUBLIC = "the whole world knows this one; make another";
const REGULAR = "too regular: it repeats itself or counts, so it can be guessed; make a random one";
type Strength = { lengthMin: number; bitsMin: number };

function findWeakness(secret: string, { lengthMin, bitsMin }: Strength): string | undefined {
  if (PUBLIC_SECRETS.includes(secret.toLowerCase())) return PUBLIC;
  if (!/^[\x21-\x7e]+$/.test(secret)) {
    return "only visible ASCII characters without blanks get through every header and shell";
  }
  if (secret.length < lengthMin) {
    return `too short: ${secret.length} characters, and fewer than ${lengthMin} can be guessed`;
  }
  return guessBits(Buffer.from(secret)) < bitsMin ? REGULAR : undefined;
}

/**
 * At most how many bits it takes to say these bytes, by the number of different ones. What repeats
 * itself counts once, and what counts up or down is as simple as its differences are.
 */
function guessBits(bytes: Buffer): number {
  const differences = bytes.subarray(1).map((byte, index) => byte - (bytes[index] ?? 0));
  return Math.min(...[bytes, Buffer.from(differences)].map((each) => bitsOf(shortestPeriod(each))));
}

function bitsOf(bytes: Buffer): number {
  return bytes.length * Math.log2(new Set(bytes).size);
}

/** What these bytes are repetitions of; the last may be cut off. */
function shortestPeriod(bytes: Buffer): Buffer {
  for (let length = 1; length <= bytes.length / 2; length += 1) {
    const isPeriod = bytes.every((byte, index) => byte === bytes[index % length]);
    if (isPeriod) return bytes.subarray(0, length);
  }
  return bytes;
}
