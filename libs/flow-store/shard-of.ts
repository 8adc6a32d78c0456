const FNV_OFFSET = 0x811c9dc5;
const FNV_PRIME = 0x01000193;

/**
 * The shard of an id, 0-based. Fixed for ever: FNV-1a (32 bits) over the id's UTF-8 bytes, then the
 * finaliser of Murmur3, because the low bits of FNV depend only on the low bits of each byte.
 */
export function shardOf(id: string, shardCount: number): number {
  let hash = FNV_OFFSET;
  for (const byte of Buffer.from(id)) hash = Math.imul(hash ^ byte, FNV_PRIME);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % shardCount;
}
