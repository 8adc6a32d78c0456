// In which slot of a Redis Cluster a key lies: https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/

export const SLOT_COUNT = 16_384;
/** CRC-16/XMODEM. */
const POLYNOMIAL = 0x1021;

/** By what stands in its first braces, where that is anything, else by all of it. */
export function slotOf(key: string): number {
  let crc = 0;
  for (const byte of Buffer.from(hashed(key))) {
    crc ^= byte << 8;
    for (let bit = 0; bit < 8; bit++)
      crc = (crc & 0x8000 ? (crc << 1) ^ POLYNOMIAL : crc << 1) & 0xffff;
  }
  return crc % SLOT_COUNT;
}

function hashed(key: string): string {
  const end = tagEnd(key);
  return end < 0 ? key : key.slice(key.indexOf("{") + 1, end);
}

/** Where the brace stands that ends a key's hash tag; -1: it has none. */
export function tagEnd(key: string): number {
  const begin = key.indexOf("{");
  const end = key.indexOf("}", begin + 1);
  return begin >= 0 && end > begin + 1 ? end : -1;
}
