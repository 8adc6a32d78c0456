// The HTTP API: takes messages in the dialects that customers speak, and tells where they stand.

import { isLoopback } from "#libs/config/demo-keys.ts";
import { checkShardCount } from "#libs/contracts/check-shard-count.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { connectDailyCaps, refusalNoter } from "#libs/daily-caps/daily-caps.ts";
import { deadLetters } from "#libs/dead-letters/dead-letters.ts";
import { connectFlowStore } from "#libs/flow-store/connect-flow-store.ts";
import { guardedAgent } from "#libs/http/outward/guarded-agent.ts";
import { guardedSockets } from "#libs/http/outward/guarded-sockets.ts";
import { onLimits } from "#libs/judgement/limit-refusals.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { connectKeyRates } from "#libs/key-rates/key-rates.ts";
import type { ServiceDefinition } from "#libs/lifecycle/service.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { connectSettings } from "#libs/settings/connect-settings.ts";
import { hasDemoKeys, withEmbeddedKeys } from "#libs/settings/embedded-keys.ts";
import { settingsWriter } from "#libs/settings/settings-writer.ts";
import { connectWebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import { checkSecretsKey } from "#libs/webhooks/known-secrets-key.ts";
import { type ApiConfig, readApiConfig } from "./config.ts";
import { makeFirstSettings } from "./first-settings.ts";
import { forgetEnded } from "./forget-ended.ts";
import { signatureNonces } from "./http/authentication/signature-nonces.ts";
import { messageAcceptor } from "./messages/accept-messages.ts";
import { capsChecker } from "./messages/accept-within-caps.ts";
import { messageCanceller } from "./messages/cancel-messages.ts";
import { messageFinder, messagesFinder } from "./messages/find-messages.ts";
import { idempotencyKeys } from "./messages/idempotency-keys.ts";
import { messageLister } from "./messages/list-messages.ts";
import { resealSecrets } from "./reseal-secrets.ts";
import { createServer } from "./server.ts";

/** A provider that is asked whether a connection is good; the terminal tool waits for 10 s. */
const PROBE_TIMEOUT_MS = 5_000;

export const api: ServiceDefinition<ApiConfig> = {
  name: "api",
  readConfig: readApiConfig,
  async start(config, context) {
    const { log } = context;
    await using opened = new AsyncDisposableStack();
    const redis = opened.use(
      await connectRedis({ url: config.redisUrl, ...config.redisAccess, log }),
    );
    await checkSecretsKey(redis, config.secretsKeys);
    const contracts = await connectContracts(config);
    const producer = opened.use(await connectProducer({ ...config.kafka, log }));
    const { shardCount, kafka } = config;
    await checkShardCount({ ...kafka, log }, shardCount);
    const store = await connectFlowStore(redis, { shardCount, log });
    const view = opened.use(await connectSettings({ kafka, contracts, ...context }));
    const settings = withEmbeddedKeys(view, config.embeddedKeys);
    const writer = settingsWriter({ view, redis, producer, contracts });
    const caps = await connectDailyCaps(redis, log);
    opened.use(onLimits(refusalNoter(caps, log)));
    const findNow = messagesFinder(store, contracts);
    await makeFirstSettings(config.embeddedKeys, { settings, writer, log });
    await resealSecrets({ settings, writer, secretsKeys: config.secretsKeys, log }, redis);
    opened.use(forgetEnded({ settings, writer, log }));
    const guarded = guardedAgent({ ...config.outward, timeoutMs: PROBE_TIMEOUT_MS });
    const agent = opened.adopt(guarded, (each) => each.close());
    const connectSocket = guardedSockets(config.outward);
    const server = createServer(
      {
        calling: { agent, connectSocket, timeoutMs: PROBE_TIMEOUT_MS },
        settings,
        writer,
        accept: messageAcceptor(producer, contracts.sendRequest, {
          checkCaps: capsChecker({ caps, settings }),
          checkRoom: () => redis.memory.checkRoom(),
        }),
        caps,
        keyRates: await connectKeyRates(redis),
        cancel: messageCanceller(producer, contracts.cancelRequest, findNow),
        find: messageFinder(findNow),
        list: messageLister(store, findNow),
        deadLetters: opened.use(deadLetters({ kafka: { ...kafka, log }, producer, contracts })),
        webhookQueue: await connectWebhookQueue(redis),
        secretsKeys: config.secretsKeys,
        clocks: redis.clocks,
        idempotencyKeys: idempotencyKeys(redis),
        signatureNonces: signatureNonces(redis),
        log,
      },
      { isLoopbackOnly: isLoopback(config.host) && hasDemoKeys(config.embeddedKeys) },
    );
    // Disposed first: requests in flight are answered while the producer is still there.
    opened.defer(() => server.close());
    log.info({ url: await server.listen(config) }, "listening");
    const resources = opened.move();
    return {
      whyNotReady: () => (server.server.listening ? [] : ["The port is not open."]),
      // What is there is still told and cancelled.
      degraded: () => [redis.memory.whyFull()].filter((why) => why !== null),
      [Symbol.asyncDispose]: () => resources.disposeAsync(),
    };
  },
};
