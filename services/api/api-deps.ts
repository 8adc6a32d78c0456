import type { DailyCaps } from "#libs/daily-caps/daily-caps.ts";
import type { DeadLetters } from "#libs/dead-letters/dead-letters.ts";
import type { KeyRates } from "#libs/key-rates/key-rates.ts";
import type { Probing } from "#libs/providers/provider.ts";
import type { ClockWatch } from "#libs/redis/clock-watch.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { SettingsWriter } from "#libs/settings/settings-writer.ts";
import type { Log } from "#libs/telemetry/log.ts";
import type { WebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";
import type { SignatureNonces } from "./http/authentication/signature-nonces.ts";
import type { AcceptMessages } from "./messages/accept-messages.ts";
import type { CancelMessages } from "./messages/cancel-messages.ts";
import type { FindMessage } from "./messages/find-messages.ts";
import type { IdempotencyKeys } from "./messages/idempotency-keys.ts";
import type { ListMessages } from "./messages/list-messages.ts";

/** What every dialect is served with. */
export type ApiDeps = {
  settings: SettingsView;
  writer: SettingsWriter;
  accept: AcceptMessages;
  /** What accounts have used of their day. */
  caps: Pick<DailyCaps, "look" | "useOf">;
  keyRates: KeyRates;
  cancel: CancelMessages;
  find: FindMessage;
  list: ListMessages;
  /** Notifications that wait or were given up. */
  webhookQueue: WebhookQueue;
  /** Records that nobody could handle. */
  deadLetters: DeadLetters;
  /** Seals the secrets of webhooks. */
  secretsKeys: SecretsKeys;
  /** From when on a webhook is told: by the earlier of two clocks, or what happens first would be none of its. */
  clocks: Pick<ClockWatch, "earlierNow">;
  idempotencyKeys: IdempotencyKeys;
  /** Of signed requests. */
  signatureNonces: SignatureNonces;
  /** Reaches the providers of connections, to ask whether they are good. */
  calling: Probing;
  log: Log;
};
