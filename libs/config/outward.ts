// Where this deployment may be led by addresses that its customers name.
import { readOpenPorts } from "./listeners.ts";
import type { EnvReader } from "./read-env.ts";

export type Outward = { allowPrivate: boolean; ownPorts: ReadonlySet<number> };

type Infrastructure = { kafka: { brokers: string[] }; registryUrl: string; redisUrl: string };

/**
 * `variable` true: what customers name may lie on this machine or in this network; else customers
 * could reach into it. No port of our own is ever called.
 */
export function readOutward(
  read: EnvReader,
  variable: "WEBHOOK_ALLOW_PRIVATE" | "CONNECTION_ALLOW_PRIVATE",
  infrastructure: Infrastructure,
): Outward {
  return {
    allowPrivate: read.oneOf(variable, ["true", "false"], "false") === "true",
    ownPorts: new Set([...readOpenPorts(read), ...portsOf(infrastructure)]),
  };
}

/** Of the infrastructure, which may lie on this machine: a tenant's URL must not reach it either. */
function portsOf({ kafka, registryUrl, redisUrl }: Infrastructure): number[] {
  const urls = [...kafka.brokers.map((broker) => `kafka://${broker}`), registryUrl, redisUrl];
  return urls.flatMap((text) => {
    const url = URL.parse(text);
    return url ? Number(url.port || DEFAULT_PORTS[url.protocol]) : [];
  });
}

/** Where a URL names none. */
const DEFAULT_PORTS: Record<string, number> = {
  "http:": 80,
  "https:": 443,
  "kafka:": 9092,
  "redis:": 6379,
  "rediss:": 6379,
};
