// Reads the numbers and bytes of Kafka's record format. Whatever the bytes are, it neither reads past
// their end nor backwards: it throws.

/** Ten bytes hold 64 bits by sevens; a longer number is none. */
const VARINT_BYTES_MAX = 10;

export type BytesCursor = ReturnType<typeof bytesCursor>;

/** Reads `bytes` from their start. Every call throws an Error where they do not hold what is asked. */
export function bytesCursor(bytes: Buffer) {
  let at = 0;

  function byte(): number {
    const value = bytes[at++];
    if (value === undefined) throw new Error("it ends too early");
    return value;
  }

  /** Zigzag-coded; numbers that a double cannot hold are refused. */
  function varint(): number {
    const first = bytes[at];
    if (first === undefined || first >= 0x80) return longVarint();
    at += 1;
    return (first >>> 1) ^ -(first & 1);
  }

  function longVarint(): number {
    let coded = 0;
    for (let index = 0; index < VARINT_BYTES_MAX; index++) {
      const value = byte();
      coded += (value & 0x7f) * 2 ** (7 * index);
      if (value >= 0x80) continue;
      if (!Number.isSafeInteger(coded)) break;
      return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    }
    throw new Error("a number in it is too long");
  }

  function skip(length: number): void {
    if (length < 0 || length > bytes.length - at) throw new Error("a length in it is wrong");
    at += length;
  }

  function take(length: number): Buffer {
    skip(length);
    return bytes.subarray(at - length, at);
  }

  return {
    byte,
    varint,
    skip,
    take,
    /** Bytes behind their length; null where that is -1. */
    nullable(): Buffer | null {
      const length = varint();
      return length === -1 ? null : take(length);
    },
    /** What was read since the cursor was there. */
    since: (from: number): Buffer => bytes.subarray(from, at),
    at: () => at,
    left: () => bytes.length - at,
  };
}
