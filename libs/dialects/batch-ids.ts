// Ids of a batch and of its messages. A batch's id tells how many messages it has, and theirs follow
// from it: a batch can be found whole from its id alone, with no index that could miss one.
import { createHash, randomBytes } from "node:crypto";

/** 8x8's limit, by its OpenAPI; its prose says 1,000. */
export const BATCH_COUNT_MAX = 10_000;

const BATCH_ID =
  /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{8}([0-9a-f]{4})$/;

/**
 * An id of a batch of `count` messages: a UUID of version 8 (RFC 9562: our own making). A new one,
 * unless it is to follow from 16 bytes.
 */
export function newBatchId(count: number, from: Buffer = randomBytes(16)): string {
  const bytes = Buffer.from(from);
  bytes.writeUInt16BE(count, 14);
  return toUuid(bytes);
}

/** The ids of a batch's messages, in order; undefined for an id that no batch of ours can have. */
export function messageIdsOf(batchId: string): string[] | undefined {
  const count = Number.parseInt(BATCH_ID.exec(batchId)?.[1] ?? "", 16);
  if (Number.isNaN(count) || count < 1 || count > BATCH_COUNT_MAX) return undefined;
  return Array.from({ length: count }, (_, index) => messageIdAt(batchId, index));
}

/** The id of the message at `index` of a batch. */
export function messageIdAt(batchId: string, index: number): string {
  return toUuid(createHash("sha256").update(`${batchId}:${index}`).digest());
}

/** The UUID of version 8 of 16 bytes. */
export function toUuid(random: Buffer): string {
  const bytes = Buffer.from(random.subarray(0, 16));
  bytes[6] = 0x80 | (bytes.readUInt8(6) & 0x0f);
  bytes[8] = 0x80 | (bytes.readUInt8(8) & 0x3f);
  const hex = bytes.toString("hex");
  const parts = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20)];
  return [...parts, hex.slice(20)].join("-");
}
