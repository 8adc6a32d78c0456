// Who is told of a message: its own callback URL, or else its account's webhooks.
import type { JournalEntry, SendRequest } from "#libs/contracts/generated/types.ts";
import { dialectOf } from "#libs/dialects/dialects.ts";
import type { DialectName } from "#libs/dialects/names.ts";
import type { Account } from "#libs/settings/account.ts";
import type { WebhookSetting } from "#libs/settings/bodies.ts";
import { callbackLane, hookLane, type Lane } from "#libs/webhook-queue/keys.ts";

export type Target = {
  lane: Lane;
  format: DialectName;
  /** One of these is not null. */
  hook: string | null;
  url: string | null;
  /** What happened before is not told, epoch ms. */
  since: number;
};

/** Clocks of the api and the shards may differ by this. */
const CLOCK_SLACK_MS = 5_000;

export function targetsOf(
  { accountId }: Pick<JournalEntry, "accountId">,
  { callbackUrl, dialect }: Pick<SendRequest, "callbackUrl" | "dialect">,
  account: Account | undefined,
): Target[] {
  if (callbackUrl === null || !URL.canParse(callbackUrl)) {
    const hooks = [...(account?.webhooks ?? [])].filter(([, { enabled, type }]) => {
      return enabled && type === "CADR";
    });
    return hooks.map(([hook, webhook]) => {
      const format = formatFor(webhook, dialect);
      return { ...hookTarget(accountId, hook, webhook), format };
    });
  }
  const lane = callbackLane(accountId, callbackUrl);
  const { name: format } = dialectOf(dialect);
  return [{ lane, format, hook: null, url: callbackUrl, since: 0 }];
}

/** The webhook's own, or that of another API of its vendor which the message came by. */
function formatFor({ format }: WebhookSetting, dialect: string): DialectName {
  const { name, notifications } = dialectOf(dialect);
  return notifications.alsoFor === format ? name : format;
}

function hookTarget(accountId: string, hook: string, { createdAt }: WebhookSetting) {
  const since = Date.parse(createdAt) - CLOCK_SLACK_MS;
  return { lane: hookLane(accountId, hook), hook, url: null, since };
}
