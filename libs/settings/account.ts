// An account as every service sees it: what it configured, with its references resolved.
import type { SecretsKeys } from "#libs/webhooks/sealing.ts";
import type { Scope } from "./bodies/api-key.ts";
import type { CodeRule } from "./bodies/code-rule.ts";
import type { FlowSetting, FlowStepSetting } from "./bodies/flow.ts";
import { LIMITS_NAME, type Limits, NO_LIMITS, ownBeforeAll } from "./bodies/limits.ts";
import type { WebhookSetting } from "./bodies/webhook.ts";
import { type AnySetting, type BodyOf, isOfKind, type Kind, type SettingOf } from "./setting.ts";

/** A step of an account's flow, before it is scaled and completed for a message. */
export type FlowSettingStep = {
  channel: string;
  sender: string | null;
  waitSeconds: number | null;
  wanted: "ACCEPTED" | "SENT" | "DELIVERED" | "READ";
  onFailure: "NEXT" | "STOP";
  ttlSeconds: number | null;
  template?: string;
};

export type Account = Omit<BodyOf<"account">, "defaultFlow"> & {
  accountId: string;
  /** Usable channels only -> the sender that is used where a request names none. */
  senders: Readonly<Record<string, string>>;
  /** Used for requests that name neither steps nor a flow; empty where there is none. */
  defaultFlow: readonly FlowSettingStep[];
  /** By channel; with those that are not enabled. */
  channels: ReadonlyMap<string, BodyOf<"channel">>;
  flows: ReadonlyMap<string, FlowSetting>;
  /** By `templateName`. */
  templates: ReadonlyMap<string, BodyOf<"template">>;
  smsTemplates: ReadonlyMap<string, BodyOf<"sms-template">>;
  fallbackRules: ReadonlyMap<string, BodyOf<"fallback-rule">>;
  fallbackPolicies: ReadonlyMap<string, BodyOf<"fallback-policy">>;
  /** Registered sender ids; where there are none, any may be used. */
  smsSenders: ReadonlySet<string>;
  /** By `codeRuleName`. */
  codeRules: ReadonlyMap<string, CodeRule>;
  /** By `priceName`. */
  prices: ReadonlyMap<string, BodyOf<"price">>;
  /** By name; with those that are not enabled. */
  webhooks: ReadonlyMap<string, WebhookSetting>;
  /** The operator's. */
  limits: Limits;
};

/** A key that is not revoked. */
export type ApiKey = { accountId: string; name: string; scopes: readonly Scope[] };

/** A key whose holder signs requests instead of showing it. */
export type AccessKey = {
  apiKey: ApiKey;
  /** What it signs with; undefined where it has no secret, or none of the deployment's keys opens it. */
  openSecret: (secretsKeys: SecretsKeys) => string | undefined;
  /** PEM of the public half of what it signs with, where that is its own. */
  publicKey: string | undefined;
};

export type Settings = {
  findAccount(accountId: string): Account | undefined;
  /** Its own and those of the operator that it may use; also where the account itself cannot be read. */
  connectionsOf(accountId: string): readonly SettingOf<"connection">[];
  /** Undefined for a key that is unknown or revoked. */
  findKey(apiKey: string): ApiKey | undefined;
  /** By its id. Undefined for one that is unknown or revoked. */
  findAccessKey(accessKeyId: string): AccessKey | undefined;
};

/** The account that these settings of it make, within the limits of all; undefined without its own one. */
export function toAccount(
  settings: Iterable<AnySetting>,
  limitsOfAll = NO_LIMITS,
): Account | undefined {
  const all = [...settings];
  const own = all.find((setting) => setting.kind === "account");
  if (!own) return undefined;
  const { defaultFlow, ...body } = own.body;
  const channels = byName(all, "channel");
  const account: Account = {
    ...body,
    accountId: own.accountId,
    channels,
    senders: sendersOf(channels),
    flows: byName(all, "flow"),
    defaultFlow: [],
    templates: byName(all, "template"),
    smsTemplates: byName(all, "sms-template"),
    fallbackRules: byName(all, "fallback-rule"),
    fallbackPolicies: byName(all, "fallback-policy"),
    smsSenders: new Set(byName(all, "sms-sender").keys()),
    codeRules: byName(all, "code-rule"),
    prices: byName(all, "price"),
    webhooks: byName(all, "webhook"),
    limits: ownBeforeAll(limitsOf(all), limitsOfAll),
  };
  const steps = defaultFlow === undefined ? undefined : publishedSteps(account, defaultFlow);
  return { ...account, defaultFlow: steps ?? [] };
}

/** As they stand there; none where nothing is said. */
export function limitsOf(settings: Iterable<AnySetting>): Limits {
  return byName(settings, "limits").get(LIMITS_NAME) ?? NO_LIMITS;
}

/** The steps that new messages of a flow get; undefined if it is unknown or not published. */
export function publishedSteps(
  { flows, defaultWaitSeconds }: Account,
  flowId: string,
): FlowSettingStep[] | undefined {
  const flow = flows.get(flowId);
  const found = flow?.versions.find(({ version }) => version === flow.published);
  return found?.steps.map((step, index, steps) =>
    complete(step, index === steps.length - 1 ? null : defaultWaitSeconds),
  );
}

/** Whether a step on `channel` may name `sender`. */
export function hasSender(account: Account, channel: string, sender: string): boolean {
  if (account.channels.get(channel)?.senders.includes(sender)) return true;
  return channel === "sms" && account.smsSenders.has(sender);
}

/** Whether an SMS may show `source`: any, unless the account has registered its sender ids. */
export function maySendAs(account: Account, source: string): boolean {
  return account.smsSenders.size === 0 || hasSender(account, "sms", source);
}

/** Whether an SMS is to follow a channel that the account has shut off from that. */
export function fallsBackInVain(
  steps: readonly { channel: string }[],
  { channels }: Account,
): boolean {
  const smsIndex = steps.findLastIndex(({ channel }) => channel === "sms");
  const before = steps.slice(0, Math.max(0, smsIndex));
  return before.some(({ channel }) => channels.get(channel)?.smsFallback === false);
}

/** The price of a channel in a country, else the channel's price everywhere. */
export function findPrice(
  { prices }: Pick<Account, "prices">,
  { channel, country }: { channel: string; country: string | null },
): BodyOf<"price"> | undefined {
  return prices.get(priceName({ channel, country })) ?? prices.get(channel);
}

/** The name that a price has: `sms`, `sms-SG`. */
export function priceName({ channel, country }: { channel: string; country?: string | null }) {
  return country ? `${channel}-${country}` : channel;
}

/** The name that a template has: `order_update.en`. */
export function templateName({ name, language }: { name: string; language: string }): string {
  return `${name}.${language}`;
}

function complete(step: FlowStepSetting, defaultWaitSeconds: number | null): FlowSettingStep {
  const { sender = null, ttlSeconds = null, waitSeconds = defaultWaitSeconds } = step;
  return { ...step, sender, ttlSeconds, waitSeconds };
}

function sendersOf(channels: Account["channels"]): Record<string, string> {
  const usable = [...channels].filter(([, { enabled }]) => enabled);
  return Object.fromEntries(usable.map(([channel, { senders }]) => [channel, senders[0] ?? ""]));
}

/** The bodies of one kind by their names. */
function byName<K extends Kind>(all: Iterable<AnySetting>, kind: K): Map<string, BodyOf<K>> {
  return new Map(
    [...all].flatMap((setting) =>
      isOfKind(setting, kind) ? [[setting.name, setting.body] as const] : [],
    ),
  );
}
