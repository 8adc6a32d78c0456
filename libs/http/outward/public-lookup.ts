// Resolves names to public addresses only. Names are asked of the resolver itself and not of the
// operating system: that one has four threads for the whole process, and four names whose servers
// are silent would hold up everybody's look-ups, and the decompression of what comes from Kafka.
import type { LookupAddress, LookupOptions } from "node:dns";
import { Resolver } from "node:dns/promises";
import { isIPv6 } from "node:net";
import { isPublicAddress, PrivateAddressError } from "./public-address.ts";

/** With its second try, a look-up ends well within the time of one delivery. */
const QUERY_TIMEOUT_MS = 2_000;
const QUERY_TRY_COUNT = 2;
/** https://www.rfc-editor.org/rfc/rfc6761#section-6.3: these are loopback, whatever servers say. */
const LOCALHOST = /(^|\.)localhost\.?$/i;

export type NameResolver = Pick<Resolver, "resolve4" | "resolve6">;
type LookupDone = (error: Error | null, address: string | LookupAddress[], family?: number) => void;

/** As the machine is set up to resolve names; `/etc/hosts` is not read. */
export function customersResolver(): Resolver {
  return new Resolver({ timeout: QUERY_TIMEOUT_MS, tries: QUERY_TRY_COUNT });
}

/** A `lookup` for sockets. Fails with PrivateAddressError if a name has no public address. */
export function publicLookup(resolver: NameResolver) {
  return (hostname: string, options: LookupOptions, done: LookupDone): void => {
    findPublic(hostname, resolver).then(
      ([first, ...others]) => {
        if (options.all) done(null, [first, ...others]);
        else done(null, first.address, first.family);
      },
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), []),
    );
  };
}

type Found = [LookupAddress, ...LookupAddress[]];

async function findPublic(hostname: string, resolver: NameResolver): Promise<Found> {
  const found = LOCALHOST.test(hostname) ? [] : await findAll(hostname, resolver);
  const [first, ...others] = found.filter(({ address }) => isPublicAddress(address));
  if (first) return [first, ...others];
  throw new PrivateAddressError(`${hostname} has no public address.`);
}

/** Throws where neither family has an address; one family is enough. */
async function findAll(hostname: string, resolver: NameResolver): Promise<LookupAddress[]> {
  const queries = [resolver.resolve4(hostname), resolver.resolve6(hostname)];
  const answers = await Promise.allSettled(queries);
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" ? answer.value : []));
  const [fault] = answers.filter((answer) => answer.status === "rejected");
  if (found.length === 0 && fault) throw fault.reason;
  return found.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
}
