// Optional parameters: SMPP 3.4, section 5.3. One that nobody knows is kept as it came.

/** Tags that the house looks at. */
export const tags = {
  receiptedMessageId: 0x001e,
  sarMsgRefNum: 0x020c,
  sarTotalSegments: 0x020e,
  sarSegmentSeqnum: 0x020f,
  networkErrorCode: 0x0423,
  messagePayload: 0x0424,
  messageState: 0x0427,
} as const;

/** A vendor's own (section 5.3.2). */
export const VENDOR_TAGS = { min: 0x1400, max: 0x3fff };

export type Tlv = { tag: number; value: Buffer };

/** The first of a tag. */
export function findTlv(tlvs: readonly Tlv[], wanted: number): Buffer | undefined {
  return tlvs.find(({ tag }) => tag === wanted)?.value;
}

/** A text, which ends at its first zero octet or with its value: carriers do both. */
export function textOfTlv(tlvs: readonly Tlv[], wanted: number): string | undefined {
  return findTlv(tlvs, wanted)?.toString("latin1").split("\0", 1)[0];
}

/** Tag and length in two octets each, then the value. */
export function encodeTlv({ tag, value }: Tlv): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(tag, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value]);
}

/** Undefined where a value is said to be longer than what is there, or half a head is left. */
export function decodeTlvs(bytes: Buffer): Tlv[] | undefined {
  const tlvs: Tlv[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (bytes.length - at < 4) return undefined;
    const end = at + 4 + bytes.readUInt16BE(at + 2);
    if (end > bytes.length) return undefined;
    tlvs.push({ tag: bytes.readUInt16BE(at), value: bytes.subarray(at + 4, end) });
    at = end;
  }
  return tlvs;
}
