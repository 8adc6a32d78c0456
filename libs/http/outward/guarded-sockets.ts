// Sockets to where customers say, for what speaks no HTTP. They lead no further than
// `guarded-agent.ts` does: addresses are looked at once names are resolved.
import { once } from "node:events";
import { connect, isIP, type Socket } from "node:net";
import { type ConnectionOptions, connect as connectTls } from "node:tls";
import type { Outward } from "#libs/config/outward.ts";
import { isOwnPort } from "./own-port.ts";
import { isPublicAddress, PrivateAddressError } from "./public-address.ts";
import { customersResolver, publicLookup } from "./public-lookup.ts";

/** Two tries of a name, and a handshake over a slow line. */
const CONNECT_MS_MAX = 10_000;

/** `tls` absent: in clear text. */
export type SocketAddress = {
  host: string;
  port: number;
  tls?: Pick<ConnectionOptions, "servername" | "cert" | "key" | "ca">;
};

/** Rejects within 10 s with why there is no connection; PrivateAddressError for where nobody may lead us. */
export type ConnectSocket = (address: SocketAddress, signal: AbortSignal) => Promise<Socket>;

/** Connects to public addresses alone, unless `allowPrivate`, and to no port of our own. */
export function guardedSockets({ allowPrivate, ownPorts }: Outward): ConnectSocket {
  const lookup = allowPrivate ? undefined : publicLookup(customersResolver());
  return async ({ host, port, tls }, signal) => {
    // Node asks no resolver for an address that is written out.
    if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) {
      throw new PrivateAddressError(`${host} is no public address.`);
    }
    const place = { host, port, ...(lookup && { lookup }) };
    const socket = tls ? connectTls({ ...tls, ...place }) : connect(place);
    try {
      const within = AbortSignal.any([signal, AbortSignal.timeout(CONNECT_MS_MAX)]);
      await once(socket, tls ? "secureConnect" : "connect", { signal: within });
      if (!isOwnPort(socket, ownPorts)) return socket;
      throw new PrivateAddressError(`${host} is a port of Fallthrough's own.`);
    } catch (error) {
      // Whoever is told of the fault has no socket to listen on.
      socket.on("error", () => undefined);
      socket.destroy();
      throw error;
    }
  };
}
