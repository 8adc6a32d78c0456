// The parts of the webhook-notifier in this process, on a given Redis and with quick retries.
import type { JournalEntry, SendRequest } from "#libs/contracts/generated/types.ts";
import type { Contracts } from "#libs/contracts/registry.ts";
import { guardedAgent } from "#libs/http/outward/guarded-agent.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import type { WebhookSetting } from "#libs/settings/bodies/webhook.ts";
import { demoSettings } from "#libs/settings/demo-account.ts";
import type { AnySetting } from "#libs/settings/setting.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { connectWebhookQueue, type WebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";
import { makeSecret } from "#libs/webhooks/webhook-secrets.ts";
import { accessTokens } from "#services/webhook-notifier/access-tokens.ts";
import type { BackOff } from "#services/webhook-notifier/back-off.ts";
import { startDeliveryLoop } from "#services/webhook-notifier/delivery-loop.ts";
import { handleEntries } from "#services/webhook-notifier/handler.ts";
import { retelling } from "#services/webhook-notifier/lately-told.ts";
import { openOtherStores } from "#test/support/open-shards.ts";
import { storedRequest } from "#test/support/stored-request.ts";

export const secretsKeys: SecretsKeys = [Buffer.alloc(32, 7)];

type Options = {
  redisUrl: string;
  contracts: Contracts;
  settings: SettingsLike;
  backOff?: BackOff;
  allowPrivate?: boolean;
  ownPorts?: ReadonlySet<number>;
  timeoutMs?: number;
  onFatal?: (error: unknown) => void;
};
type SettingsLike = ReturnType<typeof settingsStore>;

export type TestNotifier = AsyncDisposable & {
  queue: WebhookQueue;
  /** As if these entries lay on the journal. */
  tell: (...entries: JournalEntry[]) => Promise<void>;
};

const QUICK: BackOff = { delaysMs: [100, 100, 100], delayMaxMs: 200, giveUpAfterMs: 60_000 };

/** Settings with account `demo` and what is put there. */
export function testSettings(...more: AnySetting[]): SettingsLike {
  const store = settingsStore();
  for (const setting of [...demoSettings, ...more]) store.put(setting);
  return store;
}

/** A webhook of an account, and the secret that it signs with. */
export function webhook(name: string, more: Partial<WebhookSetting> & { url: string }) {
  const { secret, stored } = makeSecret({ secretsKeys, accountId: "demo" }, Date.now());
  const createdAt = new Date().toISOString();
  const body: WebhookSetting = {
    enabled: true,
    format: "native",
    type: "CADR",
    createdAt,
    ...stored,
    ...more,
  };
  const stamp = { revision: 1, changedAt: Date.now(), changedBy: "test" };
  const setting: AnySetting = { accountId: "demo", kind: "webhook", name, ...stamp, body };
  return { secret, setting };
}

/** Enqueues what it is told, and delivers until it is disposed. */
export async function startNotifier(options: Options): Promise<TestNotifier> {
  const { redisUrl, contracts, settings, allowPrivate = true, timeoutMs = 2_000 } = options;
  const { ownPorts = new Set<number>() } = options;
  const log = createLog("webhook-notifier", "error");
  const onFatal = options.onFatal ?? ((error: unknown) => log.error({ err: error }, "fatal"));
  await using opened = new AsyncDisposableStack();
  const redis = opened.use(await connectRedis({ url: redisUrl, log }));
  await openOtherStores(redis);
  const queue = await connectWebhookQueue(redis);
  const agent = opened.adopt(guardedAgent({ allowPrivate, timeoutMs, ownPorts }), (each) =>
    each.close(),
  );
  const { backOff = QUICK } = options;
  const tokens = accessTokens({ agent, timeoutMs, now: Date.now });
  const posting = { agent, tokens, timeoutMs, backOff };
  const delivery = { queue, settings, secretsKeys, ...posting, log };
  const loop = opened.use(startDeliveryLoop({ ...delivery, now: Date.now }));
  const view = { ...settings, caughtUp: () => Promise.resolve(0) };
  const now = Date.now;
  const wake = () => loop.wake();
  const handling = { queue, enqueue: queue.enqueue, settings: view, contracts, now, wake };
  const told = retelling((records) => handleEntries(records, handling), {
    redis,
    now,
    log,
    onFatal,
  });
  opened.use(told);
  const resources = opened.move();
  return {
    queue,
    tell: (...entries) => told.handle(entries.map(toRecord)),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

/** The entry with its request, as it lies on the journal. */
export function withRequest(
  entry: JournalEntry,
  contracts: Contracts,
  more: Partial<SendRequest> = {},
): JournalEntry {
  const { messageId, accountId } = entry;
  const request = contracts.sendRequest.encode(storedRequest({ messageId, accountId, ...more }));
  return { ...entry, request };
}

function toRecord(value: JournalEntry, offset: number) {
  const place = { topic: "message-journal", partition: 0, offset: String(offset) };
  return {
    ...place,
    key: value.messageId,
    value,
    bytes: Buffer.alloc(0),
    faults: [],
    headers: {},
    timestamp: value.at,
  };
}
