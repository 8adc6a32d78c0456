import type { Socket } from "node:net";

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/**
 * Looked at when the socket is open and nothing was said yet: whatever the address was called, both
 * ends of a connection to oneself have the same one, or the far one is of loopback.
 */
export function isOwnPort(socket: Socket, ownPorts: ReadonlySet<number>): boolean {
  const { remoteAddress = "", remotePort = 0, localAddress } = socket;
  if (!ownPorts.has(remotePort)) return false;
  return remoteAddress === localAddress || LOOPBACK.test(remoteAddress);
}
