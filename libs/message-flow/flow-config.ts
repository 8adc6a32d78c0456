// What every service that moves messages needs: where its dependencies are.
import { readKafka, readRedis, readRegistry } from "#libs/config/connections.ts";
import { isProduction } from "#libs/config/demo-keys.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";

export type FlowConfig = ReturnType<typeof readFlowConfig>;

/** Reads the addresses and the time scale; see the services' README for each variable. */
export function readFlowConfig(read: EnvReader) {
  return {
    kafka: readKafka(read),
    ...readRegistry(read),
    ...readRedis(read),
    shardCount: readShardCount(read),
    timeScale: readTimeScale(read),
  };
}

/** How many shards the flow store has; the journal has as many partitions. */
export function readShardCount(read: EnvReader): number {
  const { shardCount } = defaultTopicSizes;
  return read.integer("SHARD_COUNT", { default: shardCount, min: 1, max: 1024 });
}

/** `TIME_SCALE` multiplies every wait; in production only 1 is taken. */
export function readTimeScale(read: EnvReader): number {
  return read.number("TIME_SCALE", { default: 1, min: isProduction(read) ? 1 : 0.001, max: 1 });
}
