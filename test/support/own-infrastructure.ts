// Kafka, registry and Redis of one test file's own: topics are empty, groups can be set back.
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import type { Infrastructure } from "#deploy/infrastructure/start-infrastructure.ts";
import { startTemporaryInfrastructure } from "#deploy/infrastructure/temporary-infrastructure.ts";

/** Starts it by the same choice as `npm test` does, whatever the environment already offers. */
export function startOwnInfrastructure(): Promise<Infrastructure> {
  const given = ["KAFKA_BROKERS", "SCHEMA_REGISTRY_URL", "REDIS_URL"];
  const env = Object.entries(process.env).filter(([name]) => !given.includes(name));
  return startTemporaryInfrastructure({
    config: readInfrastructureConfig(Object.fromEntries(env)),
    progress: { say: () => undefined, update: () => undefined },
    signal: new AbortController().signal,
  });
}
