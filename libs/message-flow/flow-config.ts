// What every service that moves messages needs: where its dependencies are.
import { readKafka, readRedis, readRegistry } from "#libs/config/connections.ts";
import { isProduction } from "#libs/config/demo-keys.ts";
import type { EnvReader } from "#libs/config/read-env.ts";

export type FlowConfig = ReturnType<typeof readFlowConfig>;

/** Reads the addresses and the time scale; see the services' README for each variable. */
export function readFlowConfig(read: EnvReader) {
  return {
    kafka: readKafka(read),
    ...readRegistry(read),
    ...readRedis(read),
    shardCount: read.integer("SHARD_COUNT", { default: 16, min: 1, max: 1024 }),
    timeScale: readTimeScale(read),
  };
}

/** `TIME_SCALE` multiplies every wait; in production only 1 is taken. */
export function readTimeScale(read: EnvReader): number {
  return read.number("TIME_SCALE", { default: 1, min: isProduction(read) ? 1 : 0.001, max: 1 });
}
