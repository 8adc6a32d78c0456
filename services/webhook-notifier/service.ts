// Tells customers' endpoints what becomes of their messages.
import type { JournalEntry } from "#libs/contracts/generated/types.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import { guardedAgent } from "#libs/http/outward/guarded-agent.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { consume } from "#libs/kafka/consume.ts";
import type { IncomingRecord, Subscription } from "#libs/kafka/ports.ts";
import type { RunningService, ServiceContext, ServiceDefinition } from "#libs/lifecycle/service.ts";
import { readAgain } from "#libs/read-again/read-again.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { connectSettings } from "#libs/settings/connect-settings.ts";
import { connectWebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import { checkSecretsKey } from "#libs/webhooks/known-secrets-key.ts";
import { accessTokens } from "./access-tokens.ts";
import { backOff } from "./back-off.ts";
import { type Config, readConfig } from "./config.ts";
import { startDeliveryLoop } from "./delivery-loop.ts";
import { handleEntries } from "./handler.ts";
import { retelling } from "./lately-told.ts";

const name = "webhook-notifier";

/** One try in all, from the look-up of the name to the end of the answer. */
const TRY_TIMEOUT_MS = 10_000;

export const webhookNotifier: ServiceDefinition<Config> = {
  name,
  readConfig,
  start: startWebhookNotifier,
};

type Entry = IncomingRecord<JournalEntry>;

async function startWebhookNotifier(
  config: Config,
  context: ServiceContext,
): Promise<RunningService> {
  const { log, onFatal } = context;
  const { kafka, secretsKeys, outward } = config;
  const now = Date.now;
  const timeoutMs = TRY_TIMEOUT_MS;
  await using opened = new AsyncDisposableStack();
  const redis = opened.use(
    await connectRedis({ url: config.redisUrl, ...config.redisAccess, log }),
  );
  await checkSecretsKey(redis, config.secretsKeys);
  const contracts = await connectContracts(config);
  const queue = await connectWebhookQueue(redis);
  const settings = opened.use(await connectSettings({ kafka, contracts, ...context }));
  const deadLetters = opened.use(await connectProducer({ ...kafka, log }));
  const guarded = guardedAgent({ ...outward, timeoutMs });
  const agent = opened.adopt(guarded, (each) => each.close());
  const tokens = accessTokens({ agent, timeoutMs, now });
  const posting = { agent, tokens, timeoutMs, backOff };
  const delivery = { queue, settings, secretsKeys, ...posting, now, log };
  const loop = opened.use(startDeliveryLoop(delivery));
  const handling = { queue, settings, contracts, now, wake: () => loop.wake() };
  const fresh = { ...handling, enqueue: queue.enqueue };
  const again = { ...handling, enqueue: queue.enqueueRetold };
  const retold = { redis, now, log, onFatal };
  const told = opened.use(retelling((records) => handleEntries(records, fresh), retold));
  const subscription: Subscription<JournalEntry> = {
    topic: topics.messageJournal.name,
    codec: contracts.journalEntry,
    handle: told.handle,
  };
  const subscriptions = [subscription];
  const consuming = { kafka: { ...kafka, log }, groupId: name, subscriptions, deadLetters };
  const consumer = opened.use(await consume({ ...consuming, log, onFatal }));
  const readOnceMore = {
    ...subscription,
    handle: (records: readonly Entry[]) => handleEntries(records, again),
  };
  opened.use(readAgain(readOnceMore, { redis, kafka: { ...kafka, log } }));
  const resources = opened.move();
  return {
    whyNotReady: () => [
      ...redis.clocks.whyNotReady(),
      ...consumer.whyNotReady(),
      ...(loop.isRunning() ? [] : ["Notifications are not delivered."]),
    ],
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
