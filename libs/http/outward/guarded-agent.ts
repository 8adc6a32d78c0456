// Connections to where customers say. The address is checked when the socket is opened, after the
// name was resolved: a name that leads elsewhere on a second look (DNS rebinding) gains nothing.
import { isIP } from "node:net";
import { Agent, buildConnector } from "undici";
import type { Outward } from "#libs/config/outward.ts";
import { isOwnPort } from "./own-port.ts";
import { isPublicAddress, PrivateAddressError } from "./public-address.ts";
import { customersResolver, publicLookup } from "./public-lookup.ts";

type AgentOptions = Outward & { timeoutMs: number };

/**
 * Follows no redirects. An origin has as many sockets as it needs, because accounts share origins
 * and one must not wait for another's; the delivery loop bounds each account. Unless `allowPrivate`,
 * connects to public addresses only; never to this machine's `ownPorts`.
 */
export function guardedAgent({ allowPrivate, timeoutMs, ownPorts }: AgentOptions): Agent {
  // HTTP/2 would put all accounts' requests to an origin on one connection, and let them wait for it.
  const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, allowH2: false };
  const connect = allowPrivate ? anyConnector(timeoutMs) : publicConnector(timeoutMs);
  return new Agent({
    ...limits,
    connect: (options, done) =>
      connect(options, (...[error, socket]) => {
        if (error) return done(error, null);
        if (!isOwnPort(socket, ownPorts)) return done(null, socket);
        socket.destroy();
        done(new PrivateAddressError(`${options.host} is a port of Fallthrough's own.`), null);
      }),
  });
}

function anyConnector(timeout: number): buildConnector.connector {
  return buildConnector({ timeout, allowH2: false });
}

function publicConnector(timeout: number): buildConnector.connector {
  const lookup = publicLookup(customersResolver());
  const connect = buildConnector({ timeout, allowH2: false, lookup });
  return (options, done) => {
    // Node asks no resolver for an address that is written out.
    const host = options.hostname.replace(/^\[|\]$/g, "");
    if (isIP(host) === 0 || isPublicAddress(host)) return connect(options, done);
    done(new PrivateAddressError(`${host} is no public address.`), null);
  };
}
