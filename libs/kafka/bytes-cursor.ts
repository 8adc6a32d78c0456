// Reads the numbers and bytes of Kafka's record format. Whatever the bytes are, it neither reads past
// their end nor backwards: it throws.

/** Ten bytes hold 64 bits by sevens; a longer number is none. */
const VARINT_BYTES_MAX = 10;

/** Reads `bytes` from `at` on. Every call throws an Error where they do not hold what is asked. */
export class BytesCursor {
  readonly #bytes: Buffer;
  #at: number;

  constructor(bytes: Buffer, at = 0) {
    this.#bytes = bytes;
    this.#at = at;
  }

  get at(): number {
    return this.#at;
  }

  get left(): number {
    return this.#bytes.length - this.#at;
  }

  byte(): number {
    const value = this.#bytes[this.#at++];
    if (value === undefined) throw new Error("it ends too early");
    return value;
  }

  /** Zigzag-coded; numbers that a double cannot hold are refused. */
  varint(): number {
    const first = this.#bytes[this.#at];
    if (first === undefined || first >= 0x80) return this.#longVarint();
    this.#at += 1;
    return (first >>> 1) ^ -(first & 1);
  }

  #longVarint(): number {
    let coded = 0;
    for (let index = 0; index < VARINT_BYTES_MAX; index++) {
      const value = this.byte();
      coded += (value & 0x7f) * 2 ** (7 * index);
      if (value >= 0x80) continue;
      if (!Number.isSafeInteger(coded)) break;
      return coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    }
    throw new Error("a number in it is too long");
  }

  skip(length: number): void {
    if (length < 0 || length > this.left) throw new Error("a length in it is wrong");
    this.#at += length;
  }

  take(length: number): Buffer {
    this.skip(length);
    return this.#bytes.subarray(this.#at - length, this.#at);
  }

  text(length: number): string {
    this.skip(length);
    return this.#bytes.toString("utf8", this.#at - length, this.#at);
  }

  /** Bytes behind their length; null where that is -1. */
  nullable(): Buffer | null {
    const length = this.varint();
    return length === -1 ? null : this.take(length);
  }

  /** Likewise, past them. Returns where their length stands. */
  passNullable(): number {
    const from = this.#at;
    const length = this.varint();
    if (length !== -1) this.skip(length);
    return from;
  }

  /** Whether this text, of ASCII alone, comes next. */
  isBefore(text: string): boolean {
    for (let index = 0; index < text.length; index++) {
      if (this.#bytes[this.#at + index] !== text.charCodeAt(index)) return false;
    }
    return true;
  }
}
