import type { SocketAddress } from "#libs/http/outward/guarded-sockets.ts";
import type { SmppCredentials, SmppOptions } from "./access.ts";

/** Where a connection's SMSC is, and what it is spoken to with over TLS. */
export function socketAddress(
  { address, tlsServerName }: SmppOptions,
  credentials: SmppCredentials,
): SocketAddress {
  const { protocol, hostname, port } = new URL(address);
  const host = hostname.replace(/^\[|\]$/g, "");
  if (protocol === "smpp:") return { host, port: Number(port) };
  const { clientCertificate: cert, clientKey: key, authority: ca } = credentials;
  const tls = {
    // An address is no server name (RFC 6066).
    ...((tlsServerName ?? isName(host)) && { servername: tlsServerName ?? host }),
    ...(cert !== undefined && { cert }),
    ...(key !== undefined && { key }),
    ...(ca !== undefined && { ca }),
  };
  return { host, port: Number(port), tls };
}

function isName(host: string): boolean {
  return /[a-z]/i.test(host) && !host.includes(":");
}
