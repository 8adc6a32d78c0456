// The id that Google knows a message by is ours, and Google passes over a second message with the same.
import { createHash } from "node:crypto";

/** Of Fallthrough's commands: drawn once, and never changed, or a repeated call would have another id. */
const NAMESPACE = Buffer.from("5d2c1d0a6f0b4f6c9a4e3b7d8c1f2e90", "hex");

/** UUIDv5 (RFC 9562, section 5.5) of a commandId: the same for every call of a command. */
export function messageIdOf(commandId: string): string {
  const hash = createHash("sha1").update(NAMESPACE).update(commandId).digest().subarray(0, 16);
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  return hash.toString("hex").replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
