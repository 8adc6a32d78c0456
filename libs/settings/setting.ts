// One setting: what it is, where it stands, and how it is read without trust.
import type { Static } from "typebox";
import { Value } from "typebox/value";
import { findListFault } from "#libs/json/list-fault.ts";
import { parseJson } from "#libs/json/parse-json.ts";
import { AccountBody } from "./bodies/account.ts";
import { ApiKeyBody } from "./bodies/api-key.ts";
import {
  ChannelBody,
  FallbackPolicyBody,
  FallbackRuleBody,
  PriceBody,
  SmsSenderBody,
} from "./bodies/channel.ts";
import { CodeRuleBody } from "./bodies/code-rule.ts";
import { ConnectionBody, EndedConnectionBody } from "./bodies/connection.ts";
import { FlowBody } from "./bodies/flow.ts";
import { LimitsBody } from "./bodies/limits.ts";
import { SmsTemplateBody, TemplateBody } from "./bodies/template.ts";
import { WebhookBody } from "./bodies/webhook.ts";

/** Every kind, by the word that stands in the records. */
export const bodies = {
  account: AccountBody,
  "api-key": ApiKeyBody,
  channel: ChannelBody,
  "code-rule": CodeRuleBody,
  connection: ConnectionBody,
  "ended-connection": EndedConnectionBody,
  "fallback-rule": FallbackRuleBody,
  "fallback-policy": FallbackPolicyBody,
  flow: FlowBody,
  limits: LimitsBody,
  template: TemplateBody,
  "sms-sender": SmsSenderBody,
  "sms-template": SmsTemplateBody,
  price: PriceBody,
  webhook: WebhookBody,
} as const;

export type Kind = keyof typeof bodies;
export type BodyOf<K extends Kind> = Static<(typeof bodies)[K]>;

/** Where a setting stands. The account's own settings are `{accountId, "account", accountId}`. */
export type Place<K extends Kind = Kind> = { accountId: string; kind: K; name: string };

/** Which change made a setting what it is. */
export type Stamp = {
  /** Rises with every change of any setting. */
  revision: number;
  /** Epoch ms. */
  changedAt: number;
  changedBy: string;
};

export type SettingOf<K extends Kind> = Place<K> &
  Stamp & {
    body: BodyOf<K>;
  };

/** A setting of whatever kind. */
export type AnySetting = { [K in Kind]: SettingOf<K> }[Kind];

/** Holds what is the operator's, who may change every account; no account can have this id. */
export const ALL_ACCOUNTS = "*";
/** Keys, limits for all accounts that have none of their own, and connections that accounts may use. */
const KINDS_OF_OPERATOR: readonly Kind[] = ["api-key", "limits", "connection", "ended-connection"];

/** Whether a setting of the kind may be above accounts. */
export function isOfOperator(kind: Kind): boolean {
  return KINDS_OF_OPERATOR.includes(kind);
}

export function isKind(word: string): word is Kind {
  return Object.hasOwn(bodies, word);
}

/** Whether a setting is of the kind that a caller means. */
export function isOfKind<K extends Kind>(
  setting: AnySetting,
  kind: K,
): setting is AnySetting & SettingOf<K> {
  return setting.kind === kind;
}

/** The setting of these parts. */
export function withBody<K extends Kind>(
  stamp: Omit<SettingOf<K>, "body">,
  body: BodyOf<K>,
): AnySetting {
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- K ties the body to its kind
  return { ...stamp, body } as AnySetting;
}

/** The key of a setting's record. */
export function settingKey({ accountId, kind, name }: Place): string {
  return `${accountId}/${kind}/${name}`;
}

/**
 * A stored body of a kind; undefined if it cannot be read. Members that a newer program has written
 * are dropped, so that old and new ones can run side by side.
 */
export function readBody<K extends Kind>(kind: K, json: string): BodyOf<K> | undefined {
  const schema: (typeof bodies)[K] = bodies[kind];
  const given = parseJson(json);
  if (findListFault(schema, given) !== undefined) return undefined;
  const body: unknown = Value.Default(schema, Value.Clean(schema, given));
  return Value.Check(schema, body) ? body : undefined;
}
