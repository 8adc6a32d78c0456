const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The shard of an id, 0-based. Fixed for ever: FNV-1a (32 bits) over the id's UTF-8 bytes, then the
 * finaliser of Murmur3, because the low bits of FNV depend only on the low bits of each byte.
 */
export function shardOf(id: string, shardCount: number): number {
  let hash = hashOfAscii(id) ?? hashOf(Buffer.from(id));
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shardCount;
}

/** Ids are ASCII nearly always: then their units are their bytes. undefined for any other. */
function hashOfAscii(id: string): number | undefined {
  let hash = FNV_OFFSET;
  for (let index = 0; index < id.length; index++) {
    const unit = id.charCodeAt(index);
    if (unit > 0x7f) return undefined;
    hash = Math.imul(hash ^ unit, FNV_PRIME);
  }
  return hash;
}

function hashOf(bytes: Buffer): number {
  let hash = FNV_OFFSET;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, FNV_PRIME);
  return hash;
}
