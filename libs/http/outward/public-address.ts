// Which addresses a customer's URL may lead to. Everything inside our own walls is refused.
import { BlockList, isIPv6 } from "node:net";

/** The URL leads to where no customer may send us. */
export class PrivateAddressError extends Error {
  override name = "PrivateAddressError";
  readonly code = "PRIVATE_ADDRESS";
}

/**
 * https://www.iana.org/assignments/iana-ipv4-special-registry: all that is not global, and multicast.
 * The clouds' metadata lie in there (169.254.169.254, 100.100.100.200, 192.0.0.192), but for one.
 */
const PRIVATE_IPV4 = [
  ["0.0.0.0", 8],
  ["10.0.0.0", 8],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
  // Azure's host, which every machine there can ask (metadata, certificates, health):
  // https://learn.microsoft.com/azure/virtual-network/what-is-ip-address-168-63-129-16
  ["168.63.129.16", 32],
  ["169.254.0.0", 16],
  ["172.16.0.0", 12],
  ["192.0.0.0", 24],
  ["192.0.2.0", 24],
  ["192.88.99.0", 24],
  ["192.168.0.0", 16],
  ["198.18.0.0", 15],
  ["198.51.100.0", 24],
  ["203.0.113.0", 24],
  ["224.0.0.0", 4],
  ["240.0.0.0", 4],
] as const;

/** Only this is global unicast; loopback, mapped IPv4, NAT64, unique and link local are outside. */
const GLOBAL_IPV6 = ["2000::", 3] as const;
/** Inside of it: protocol assignments with Teredo, documentation, 6to4 (carries any IPv4). */
const PRIVATE_IPV6 = [
  ["2001::", 23],
  ["2001:db8::", 32],
  ["2002::", 16],
  ["3fff::", 20],
] as const;

const privateIpv4 = new BlockList();
for (const [net, prefix] of PRIVATE_IPV4) privateIpv4.addSubnet(net, prefix, "ipv4");
const globalIpv6 = new BlockList();
globalIpv6.addSubnet(...GLOBAL_IPV6, "ipv6");
const privateIpv6 = new BlockList();
for (const [net, prefix] of PRIVATE_IPV6) privateIpv6.addSubnet(net, prefix, "ipv6");

/** Whether an IP address is one of the public internet. */
export function isPublicAddress(address: string): boolean {
  if (!isIPv6(address)) return !privateIpv4.check(address, "ipv4");
  return globalIpv6.check(address, "ipv6") && !privateIpv6.check(address, "ipv6");
}
