// Proof by where a post comes from: for carriers that sign nothing but publish their addresses.
// The address is the socket's, and no header can change it: `x-forwarded-for` is anybody's word.
// Behind a proxy every post has the proxy's address, so the proxy must then hold the list itself.
import { BlockList, isIP } from "node:net";
import type { Proof } from "./proof.ts";

/**
 * Addresses and ranges in CIDR, IPv4 and IPv6. Throws RangeError for an empty list, for what is no
 * address, and for a range of all addresses: each of them would prove nothing.
 */
export function addressListProof(ranges: readonly string[]): Proof {
  if (ranges.length === 0) throw new RangeError("An empty address list proves nothing.");
  const list = new BlockList();
  for (const range of ranges) addRange(list, range);
  return ({ peerAddress }) => {
    const family = familyOf(peerAddress);
    return family !== undefined && list.check(peerAddress, family);
  };
}

function addRange(list: BlockList, range: string): void {
  const [, address = "", bits] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(range.trim()) ?? [];
  const family = familyOf(address);
  if (family === undefined) throw new RangeError(`"${range}" is no address or range.`);
  if (bits === undefined) return list.addAddress(address, family);
  const bitCount = Number(bits);
  if (bitCount === 0 || bitCount > (family === "ipv4" ? 32 : 128)) {
    throw new RangeError(`"${range}" is no range of some addresses.`);
  }
  list.addSubnet(address, bitCount, family);
}

/** A scoped address (`fe80::1%eth0`) is never a carrier's. */
function familyOf(address: string): "ipv4" | "ipv6" | undefined {
  if (address.includes("%")) return undefined;
  const version = isIP(address);
  if (version === 0) return undefined;
  return version === 4 ? "ipv4" : "ipv6";
}
