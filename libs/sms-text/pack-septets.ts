/** Stands at the end where seven bits are left over, which a phone would show as "@" (3GPP TS 23.038, 6.1.2.3.1). */
const CARRIAGE_RETURN = 0x0d;

/**
 * Septets in octets without gaps (3GPP TS 23.038, 6.1.2.1). `fillBitCount` zero bits come first: what
 * stands behind a header begins with a whole septet.
 */
export function packSeptets(septets: Iterable<number>, fillBitCount: number): Buffer {
  const all = [...septets];
  if ((all.length * 7 + fillBitCount) % 8 === 1) all.push(CARRIAGE_RETURN);
  const octets = Buffer.alloc(Math.ceil((all.length * 7 + fillBitCount) / 8));
  for (const [index, septet] of all.entries()) {
    const bit = fillBitCount + index * 7;
    const shifted = septet << (bit % 8);
    const at = bit >> 3;
    octets[at] = (octets[at] ?? 0) | (shifted & 0xff);
    if (shifted > 0xff) octets[at + 1] = shifted >> 8;
  }
  return octets;
}
