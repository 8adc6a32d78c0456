// A setting as the API shows it: its body, its name as `id`, and when it was last changed.

import { connectedProviders, receiptsPathOf } from "#libs/providers/providers.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { WebhookSetting } from "#libs/settings/bodies/webhook.ts";
import type { AnySetting } from "#libs/settings/setting.ts";
import { showInstant } from "#libs/show-instant.ts";

export function settingView(setting: AnySetting) {
  const { name: id, revision, changedBy } = setting;
  const changedAt = showInstant(setting.changedAt);
  return { id, ...shownBody(setting), revision, changedAt, changedBy };
}

/** Hashes of keys and sealed secrets are nobody's business. */
function shownBody(setting: AnySetting): object {
  if (setting.kind === "webhook") return shownWebhook(setting.body);
  if (setting.kind === "connection") return shownConnection(setting.body);
  if (setting.kind !== "api-key") return setting.body;
  const { hash: _hash, sealedSecret: _sealed, ...shown } = setting.body;
  return shown;
}

function shownWebhook(webhook: WebhookSetting): object {
  const { sealedSecret: _secret, previousSealedSecret: _previous, ...rest } = webhook;
  const { sealedAuthorization, sealedOauth, ...shown } = rest;
  return { ...shown, hasAuthorization: (sealedAuthorization ?? sealedOauth) !== undefined };
}

/** Its provider's console is told where the receipt-bridge is, with this path. */
function shownConnection({
  sealedCredentials: _sealed,
  guid,
  receiptKey,
  ...shown
}: ConnectionSetting): object {
  const hasOwnLine = connectedProviders.get(shown.provider)?.keepsLine === true;
  return hasOwnLine
    ? shown
    : {
        ...shown,
        receiptsPath: receiptsPathOf({
          ...shown,
          guid,
          ...(receiptKey !== undefined && { receiptKey }),
        }),
      };
}
