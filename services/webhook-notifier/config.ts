import { readKafka, readRedis, readRegistry } from "#libs/config/connections.ts";
import { readOpenPorts } from "#libs/config/listeners.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";

export type Config = ReturnType<typeof readConfig>;

/** The environment of the webhook-notifier; its only listener is the one of the metrics. */
export function readConfig(read: EnvReader) {
  const connections = { kafka: readKafka(read), ...readRegistry(read), ...readRedis(read) };
  return {
    ...connections,
    secretsKeys: readSecretsKeys(read),
    ownPorts: new Set([...readOpenPorts(read), ...portsOf(connections)]),
    // For a receiver on this machine or in this network; else customers could reach into it.
    allowPrivate: read.oneOf("WEBHOOK_ALLOW_PRIVATE", ["true", "false"], "false") === "true",
  };
}

type Connections = { kafka: { brokers: string[] }; registryUrl: string; redisUrl: string };

/** Of the infrastructure, which may lie on this machine: a tenant's URL must not reach it either. */
function portsOf({ kafka, registryUrl, redisUrl }: Connections): number[] {
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
