// Connections to where customers say. The address is checked when the socket is opened, after the
// name was resolved: a name that leads elsewhere on a second look (DNS rebinding) gains nothing.
import { isIP } from "node:net";
import { Agent, buildConnector } from "undici";
import { isPublicAddress, PrivateAddressError } from "./public-address.ts";
import { customersResolver, publicLookup } from "./public-lookup.ts";

type AgentOptions = { allowPrivate: boolean; timeoutMs: number };

/**
 * Follows no redirects. An origin has as many sockets as it needs, because accounts share origins
 * and one must not wait for another's; the delivery loop bounds each account. Unless `allowPrivate`,
 * connects to public addresses only.
 */
export function guardedAgent({ allowPrivate, timeoutMs }: AgentOptions): Agent {
  // HTTP/2 would put all accounts' requests to an origin on one connection, and let them wait for it.
  const limits = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs, allowH2: false };
  if (allowPrivate) return new Agent({ ...limits, connect: { timeout: timeoutMs } });
  const lookup = publicLookup(customersResolver());
  const connect = buildConnector({ timeout: timeoutMs, allowH2: false, lookup });
  return new Agent({
    ...limits,
    connect: (options, done) => {
      // Node asks no resolver for an address that is written out.
      const host = options.hostname.replace(/^\[|\]$/g, "");
      if (isIP(host) === 0 || isPublicAddress(host)) return connect(options, done);
      done(new PrivateAddressError(`${host} is no public address.`), null);
    },
  });
}
