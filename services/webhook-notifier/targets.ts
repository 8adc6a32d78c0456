// Who is told of a step, and of a message as a whole: its own callback URL, or else its account's webhooks.
import type { JournalEntry, SendRequest } from "#libs/contracts/generated/types.ts";
import { dialectOf } from "#libs/dialects/dialects.ts";
import type { DialectName } from "#libs/dialects/names.ts";
import type { Account } from "#libs/settings/account.ts";
import type { WebhookSetting } from "#libs/settings/bodies/webhook.ts";
import { callbackLane, hookLane, type Lane } from "#libs/webhook-queue/keys.ts";

export type Target = {
  lane: Lane;
  format: DialectName;
  /** One of these is not null. */
  hook: string | null;
  url: string | null;
  /** What happened before is not told, epoch ms. */
  since: number;
  /** Whether it is told of the step at `index`, 0-based; of the message as a whole for null. */
  isFor: (index: number | null) => boolean;
};

/** Clocks of the api and the shards may differ by this. */
const CLOCK_SLACK_MS = 5_000;

type Asked = Pick<SendRequest, "callbackUrl" | "dialect" | "steps">;

/** Where a message's changes are told, each with the steps that it is for. */
export function targetsOf(
  { accountId }: Pick<JournalEntry, "accountId">,
  request: Asked,
  account: Account | undefined,
): Target[] {
  const urls = new Set([null, ...request.steps.keys()].map((index) => urlFor(request, index)));
  return [...urls].flatMap((url) => {
    const { dialect } = request;
    const isFor = (index: number | null) => urlFor(request, index) === url;
    if (url === null) return hookTargets(account, { accountId, dialect, isFor });
    const lane = callbackLane(accountId, url);
    return [{ lane, format: dialectOf(dialect).name, hook: null, url, since: 0, isFor }];
  });
}

/** A step's own, else the message's; null for none that can be posted to. */
function urlFor({ callbackUrl, steps }: Asked, index: number | null): string | null {
  const url = steps[index ?? -1]?.callbackUrl ?? callbackUrl;
  return url !== null && URL.canParse(url) ? url : null;
}

type Telling = Pick<Target, "isFor"> & { accountId: string; dialect: string };

function hookTargets(
  account: Account | undefined,
  { accountId, dialect, isFor }: Telling,
): Target[] {
  const hooks = [...(account?.webhooks ?? [])].filter(([, { enabled, type }]) => {
    return enabled && type === "CADR";
  });
  return hooks.map(([hook, webhook]) => {
    const since = Date.parse(webhook.createdAt) - CLOCK_SLACK_MS;
    const format = formatFor(webhook, dialect);
    return { lane: hookLane(accountId, hook), format, hook, url: null, since, isFor };
  });
}

/** The webhook's own, or that of another API of its vendor which the message came by. */
function formatFor({ format }: WebhookSetting, dialect: string): DialectName {
  const { name, notifications } = dialectOf(dialect);
  return notifications.alsoFor === format ? name : format;
}
