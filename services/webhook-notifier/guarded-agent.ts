// Connections to where customers say. The address is checked when the socket is opened, after the
// name was resolved: a name that leads elsewhere on a second look (DNS rebinding) gains nothing.
import { type LookupAddress, type LookupOptions, lookup as resolve } from "node:dns";
import { isIP } from "node:net";
import { Agent, buildConnector } from "undici";
import { isPublicAddress } from "./public-address.ts";

/** The URL leads to where no customer may send us. */
export class PrivateAddressError extends Error {
  override name = "PrivateAddressError";
}

/** Not above what one lane has in flight: an origin gets no more sockets than that. */
export const CONNECTION_COUNT_MAX = 32;

type AgentOptions = { allowPrivate: boolean; timeoutMs: number };
type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** Follows no redirects. Unless `allowPrivate`, connects to public addresses only. */
export function guardedAgent({ allowPrivate, timeoutMs }: AgentOptions): Agent {
  const limits = {
    connections: CONNECTION_COUNT_MAX,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  };
  if (allowPrivate) return new Agent({ ...limits, connect: { timeout: timeoutMs } });
  const connect = buildConnector({ timeout: timeoutMs, lookup: lookupPublic });
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

function lookupPublic(hostname: string, options: LookupOptions, done: LookupDone): void {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return done(error, []);
    const open = addresses.filter(({ address }) => isPublicAddress(address));
    const [first] = open;
    if (!first) return done(new PrivateAddressError(`${hostname} has no public address.`), []);
    if (options.all) return done(null, open);
    done(null, first.address, first.family);
  });
}
