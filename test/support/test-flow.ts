// What moves messages, in this process: on the broker and registry of the environment, with a Redis
// of its own and the demonstration's account.
import { expect } from "vitest";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { type ConnectedFlow, connectFlow } from "#libs/message-flow/connect-flow.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { publishDemo } from "#test/support/demo-settings.ts";
import { openOtherStores, openShards } from "#test/support/open-shards.ts";
import { startRedisServer } from "#test/support/redis-server.ts";

export const brokers = String(process.env["KAFKA_BROKERS"]).split(",");

const onFatal = (error: unknown) => expect.fail(String(error));

/** The flow, which `resources` disposes of together with its Redis; `redisEnv` is that one's. */
export async function startFlow(
  resources: AsyncDisposableStack,
  log: Log,
  redisEnv: Readonly<Record<string, string>> = {},
): Promise<ConnectedFlow> {
  const redisServer = resources.use(await startRedisServer([], redisEnv));
  const registryUrl = String(process.env["SCHEMA_REGISTRY_URL"]);
  await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
  const config = { kafka: { brokers }, registryUrl, redisUrl: redisServer.url };
  const flow = resources.use(
    await connectFlow({ ...config, shardCount: 16, timeScale: 1 }, { log, onFatal }),
  );
  await openShards(flow.store);
  await openOtherStores(flow.redis);
  await publishDemo(flow);
  await flow.settings.caughtUp();
  return flow;
}
