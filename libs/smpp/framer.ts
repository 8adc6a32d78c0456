// Cuts what arrives of a stream into PDUs, however it is cut on the way.
import { HEADER_BYTES, PDU_BYTES_MAX } from "./limits.ts";
import { statuses } from "./statuses.ts";

/** Nothing that follows can be read: where the next PDU begins, nobody knows. */
export type FramingFault = { type: "fault"; status: number; why: string };
export type Framed = { type: "pdu"; bytes: Buffer } | FramingFault;

export type Framer = {
  /** What has become whole, in order. After a fault there is never anything more. */
  push(chunk: Buffer): Framed[];
  /** Some of a PDU has come, and not all. */
  isAmid(): boolean;
};

/** Cuts what a peer sends into PDUs, within the limits of length. */
export function createFramer(): Framer {
  let chunks: Buffer[] = [];
  let byteCount = 0;
  let wantedCount = HEADER_BYTES;
  let isBroken = false;

  /** All that is there. Asked for a PDU's head and for its end: a slow peer costs no copies between. */
  function joined(): Buffer {
    const [first] = chunks;
    const all = first && chunks.length === 1 ? first : Buffer.concat(chunks);
    chunks = [all];
    return all;
  }

  function next(): Framed | undefined {
    // A length is four octets; no other comes without it being looked at.
    if (byteCount < 4) return undefined;
    if (byteCount < wantedCount && wantedCount > HEADER_BYTES) return undefined;
    const all = joined();
    const length = all.readUInt32BE(0);
    if (length < HEADER_BYTES || length > PDU_BYTES_MAX) {
      isBroken = true;
      return faultOf(length);
    }
    wantedCount = length;
    if (byteCount < length) return undefined;
    chunks = byteCount > length ? [all.subarray(length)] : [];
    byteCount -= length;
    wantedCount = HEADER_BYTES;
    return { type: "pdu", bytes: all.subarray(0, length) };
  }

  return {
    push(chunk) {
      if (isBroken || chunk.length === 0) return [];
      chunks.push(chunk);
      byteCount += chunk.length;
      const framed: Framed[] = [];
      for (let one = next(); one; one = isBroken ? undefined : next()) framed.push(one);
      return framed;
    },
    isAmid: () => byteCount > 0,
  };
}

function faultOf(length: number): FramingFault {
  const bounds = `${HEADER_BYTES} to ${PDU_BYTES_MAX}`;
  const why = `command_length is ${length}; a PDU has ${bounds} octets`;
  return { type: "fault", status: statuses.ESME_RINVCMDLEN, why };
}
