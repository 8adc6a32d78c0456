// What a settings file may hold: the account's own settings and its collections. Keys are no part
// of it: the API shows a key only once, and a file goes into version control.
import { type TSchema, Type } from "typebox";
import { AccountBody } from "#libs/settings/bodies/account.ts";
import {
  ChannelBody,
  FallbackPolicyBody,
  FallbackRuleBody,
  PriceBody,
  SmsSenderBody,
} from "#libs/settings/bodies/channel.ts";
import { CodeRuleBody } from "#libs/settings/bodies/code-rule.ts";
import { NewConnection, NewOperatorConnection } from "#libs/settings/bodies/connection.ts";
import { FlowDraft } from "#libs/settings/bodies/flow.ts";
import { LimitsBody } from "#libs/settings/bodies/limits.ts";
import { SmsTemplateBody, TemplateBody } from "#libs/settings/bodies/template.ts";
import { NewWebhook } from "#libs/settings/bodies/webhook.ts";

/** A file holds no secrets: what an endpoint is authorised with stays as it was put over the API. */
const { authorization: _secret, ...webhookMembers } = NewWebhook.properties;
const FileWebhook = Type.Object(webhookMembers, { additionalProperties: false });

/** Its credentials stand in the environment of whoever applies the file: `${NAME}`. */
export const CREDENTIAL_REFERENCE = /^\$\{([A-Za-z_]\w{0,99})\}$/;
const credentials = Type.Optional(
  Type.Record(Type.String(), Type.String({ pattern: CREDENTIAL_REFERENCE.source })),
);
const FileConnection = Type.Object(
  { ...NewConnection.properties, credentials },
  { additionalProperties: false },
);
const FileOperatorConnection = Type.Object(
  { ...NewOperatorConnection.properties, credentials },
  { additionalProperties: false },
);

/** In the order in which references hold: each kind names only kinds before it. */
export const collections = {
  "sms-senders": SmsSenderBody,
  "sms-templates": SmsTemplateBody,
  channels: ChannelBody,
  "fallback-rules": FallbackRuleBody,
  "fallback-policies": FallbackPolicyBody,
  templates: TemplateBody,
  "code-rules": CodeRuleBody,
  prices: PriceBody,
  flows: FlowDraft,
  webhooks: FileWebhook,
  connections: FileConnection,
  "operator-connections": FileOperatorConnection,
  limits: LimitsBody,
} as const satisfies Readonly<Record<string, TSchema>>;

/** Of these an account has one at most, which has no name in a file and in the API's paths. */
export function isSingle(name: CollectionName | "account"): boolean {
  return name === "limits";
}

/** Whether its items have credentials, which nobody is shown. */
export function hasCredentials(name: CollectionName | "account"): boolean {
  return name === "connections" || isAboveAccounts(name);
}

/** What is the operator's: a file may have it beside an account's settings, and it is no part of those. */
export function isAboveAccounts(name: CollectionName | "account"): boolean {
  return name === "operator-connections";
}

/** Below the API's root. */
export function collectionPath(accountId: string, name: CollectionName): string {
  return isAboveAccounts(name)
    ? "/connections"
    : `/accounts/${encodeURIComponent(accountId)}/${name}`;
}

/** The account's own body. A GUID that a file leaves out stays as it is. */
export const FileAccount = Type.Object(
  { ...AccountBody.properties, guid: Type.Optional(AccountBody.properties.guid) },
  { additionalProperties: false },
);

export type CollectionName = keyof typeof collections;
/** A body of whatever kind, with its defaults filled in. */
export type Body = Readonly<Record<string, unknown>>;

/** By collection, then by name. A collection that is not there is left as it is. */
export type ByCollection<Item> = ReadonlyMap<CollectionName, ReadonlyMap<string, Item>>;

/** What a file wants an account to be. */
export type WantedSettings = { accountId: string; account?: Body; items: ByCollection<Body> };

/** What is there, at a revision that a change must name. */
export type FoundItem = {
  body: Body;
  revision: number;
  /** A flow that was never published: somebody is at work on it, and no file knows it. */
  isDraft?: true;
};
/** `account` is absent where there is no such account. */
export type FoundSettings = { account?: FoundItem; items: ByCollection<FoundItem> };

export const collectionNames = Object.keys(collections).filter(isCollection);

export function isCollection(name: string): name is CollectionName {
  return Object.hasOwn(collections, name);
}
