// Messages as `restore.lua` takes them, in one argument: a client, and Redis, take longer for an argument than
// for what most of them hold.
import type { RestoredMessage } from "#libs/flow-store/closed-shards.ts";
import { VERSION_BYTES } from "#libs/flow-store/versioned.ts";

/** The lengths, the index, and three times of a number's digits at most. */
const FRAME_BYTES = 2 + 1 + 3 * (1 + 16) + 2 + 4 + VERSION_BYTES;
/** UTF-8 takes no more for a UTF-16 unit. */
const UNIT_BYTES_MAX = 3;

/** `accountIds` are those that messages are listed under, in the order of the script's indexes. */
export function packRestored(
  messages: readonly RestoredMessage[],
  accountIds: readonly string[],
): Buffer {
  const places = new Map(accountIds.map((accountId, index) => [accountId, index + 1]));
  const packed = Buffer.allocUnsafe(messages.reduce((sum, one) => sum + sizeOf(one), 0));
  let at = 0;
  for (const message of messages) {
    const { messageId, epoch, version, state, dueAt, keepMs, indexed } = message;
    const idBytes = packed.write(messageId, at + 2);
    at = packed.writeUInt16BE(idBytes, at) + idBytes;
    for (const text of [epoch, dueAt ?? "", keepMs ?? "", indexed?.at ?? ""]) {
      const byteCount = packed.write(String(text), at + 1, "latin1");
      at = packed.writeUInt8(byteCount, at) + byteCount;
    }
    at = packed.writeUInt16BE(places.get(indexed?.accountId ?? "") ?? 0, at);
    at = packed.writeUInt32BE(VERSION_BYTES + state.length, at);
    at = packed.writeUInt32BE(version, at);
    at += state.copy(packed, at);
  }
  return packed.subarray(0, at);
}

/** At most. */
function sizeOf({ messageId, epoch, state }: RestoredMessage): number {
  return FRAME_BYTES + UNIT_BYTES_MAX * messageId.length + epoch.length + state.length;
}
