// Version and bytes in one stored value: 4 bytes big-endian, then the bytes. A script reads the
// version without knowing what the bytes mean.
export const VERSION_BYTES = 4;

/** Throws RangeError for a version outside 1..2^32-1. */
export function encodeVersioned(version: number, bytes: Buffer): Buffer {
  const value = Buffer.allocUnsafe(VERSION_BYTES + bytes.length);
  value.writeUInt32BE(version);
  bytes.copy(value, VERSION_BYTES);
  return value;
}

/** The bytes are a view, not a copy. Throws RangeError if there is no version in front. */
export function decodeVersioned(value: Buffer): { version: number; bytes: Buffer } {
  return { version: value.readUInt32BE(), bytes: value.subarray(VERSION_BYTES) };
}
