// Webhooks that were registered in this dialect. A scope and a type have one: who registers another
// URL for them replaces it, https://developer.8x8.com/connect/reference/add-webhooks-1 .
import type { Account } from "#libs/settings/account.ts";
import type { WebhookSetting } from "#libs/settings/bodies/webhook.ts";
import { openOAuthClient } from "#libs/webhooks/oauth-client.ts";
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";

/** The scope of a whole account. It is no wildcard: it does not stand for the sub-account's own. */
export const WHOLE_ACCOUNT = "*";

export type WebhookPlace = { subAccountId: string; type: WebhookSetting["type"] };
/** `name` is that of the setting. */
export type RegisteredWebhook = WebhookPlace & { name: string; webhook: WebhookSetting };

/** Names of what was registered in this dialect begin so. */
const PREFIX = "8x8-";
const OF_ACCOUNT = "-account";
const OF_SUB_ACCOUNT = "-sub-account";
/** What 8x8 shows of a secret. */
const MASK = "***";

export function webhookName({ subAccountId, type }: WebhookPlace): string {
  const scope = subAccountId === WHOLE_ACCOUNT ? OF_ACCOUNT : OF_SUB_ACCOUNT;
  return `${PREFIX}${type}${scope}`;
}

export function registeredWebhooks({ webhooks, accountId }: Account): RegisteredWebhook[] {
  const own = [...webhooks].filter(([name]) => name.startsWith(PREFIX));
  return own.map(([name, webhook]) => {
    const { type } = webhook;
    const isWhole = name === webhookName({ subAccountId: WHOLE_ACCOUNT, type });
    return { name, webhook, type, subAccountId: isWhole ? WHOLE_ACCOUNT : accountId };
  });
}

/** As 8x8 shows it: with what it is sent with, secrets masked. */
export function shownWebhook(
  { subAccountId, type, webhook }: RegisteredWebhook,
  { accountId }: Account,
  secretsKeys: SecretsKeys,
) {
  const { url, enabled, sealedAuthorization, sealedOauth } = webhook;
  const oauth = sealedOauth && openOAuthClient(sealedOauth, { secretsKeys, accountId });
  return {
    type,
    subAccountId,
    url,
    enabled,
    ...(sealedAuthorization !== undefined && { httpAuthorization: MASK }),
    ...(oauth && { oauth: { ...oauth, clientSecret: MASK } }),
  };
}
