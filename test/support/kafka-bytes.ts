// What Kafka's protocol is made of, as bytes.

export function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

export function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

/** A text behind its length. */
export function text(value: string): Buffer {
  return Buffer.concat([int16(value.length), Buffer.from(value)]);
}
