// An element of 8x8's webhook registration, from JSON to ours.

import { member, parseObject, parseText, refuseMalformed } from "#libs/dialects/8x8/json-value.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import type { JsonObject } from "#libs/json/json-object.ts";
import type { Account } from "#libs/settings/account.ts";
import {
  AUTHORIZATION,
  WEBHOOK_URL,
  WEBHOOK_URL_LENGTH_MAX,
  webhookTypes,
} from "#libs/settings/bodies/webhook.ts";
import { WEBHOOK_COUNT_MAX } from "#libs/settings/check-change.ts";
import type { OAuthClient } from "#libs/webhooks/oauth-client.ts";
import { type WebhookPlace, WHOLE_ACCOUNT } from "./registered-webhooks.ts";

const CREDENTIAL_LENGTH_MAX = 2_000;

/** What 8x8 means by an element without a type: the webhooks of messages, not of the business. */
const TYPES_UNNAMED: readonly WebhookPlace["type"][] = ["CADR", "MSG"];

export type GivenWebhook = WebhookPlace & {
  url: string;
  enabled: boolean;
  authorization: string | null;
  oauth: OAuthClient | null;
};

/** The elements of a body. Throws Refusal for anything but an array of 1 to 20, of Unicode's texts. */
export function parseWebhooks(body: unknown): unknown[] {
  refuseMalformed(body);
  if (Array.isArray(body) && body.length > 0 && body.length <= WEBHOOK_COUNT_MAX) return body;
  throw new Refusal(1000, `the body must be an array of 1 to ${WEBHOOK_COUNT_MAX} webhooks.`);
}

/** The webhooks that an element asks for: one, or two where it names no type. Throws Refusal. */
export function parseWebhook(element: unknown, account: Account): GivenWebhook[] {
  const given = parseObject(element, 1000, "a webhook");
  const places = parseWebhookPlaces(given, account);
  const url = parseUrl(given);
  if (url === null) throw new Refusal(1000, "url is missing.");
  const enabled = member(given, "enabled") ?? true;
  if (typeof enabled !== "boolean") throw new Refusal(1000, "enabled must be true or false.");
  const [authorization, oauth] = [parseAuthorization(given), parseOAuth(given)];
  if (authorization !== null && oauth !== null) {
    throw new Refusal(1000, "a webhook has httpAuthorization or oauth, not both.");
  }
  return places.map((place) => ({ ...place, url, enabled, authorization, oauth }));
}

/** Which webhooks an element means: scope and type identify one. Throws Refusal. */
export function parseWebhookPlaces(element: unknown, account: Account): WebhookPlace[] {
  const given = parseObject(element, 1000, "a webhook");
  const subAccountId = parseScope(member(given, "subAccountId"), account);
  return parseTypes(member(given, "type")).map((type) => ({ subAccountId, type }));
}

function parseScope(subAccountId: unknown, { accountId }: Account): string {
  if (subAccountId === WHOLE_ACCOUNT || subAccountId === accountId) return subAccountId;
  throw new Refusal(1001, `subAccountId must be "${WHOLE_ACCOUNT}" or ${accountId}.`);
}

function parseTypes(type: unknown): readonly WebhookPlace["type"][] {
  if (type === undefined) return TYPES_UNNAMED;
  const found = webhookTypes.find((word) => word === type);
  if (found) return [found];
  throw new Refusal(1000, `type must be one of ${webhookTypes.join(", ")}.`);
}

function parseUrl(given: JsonObject, name = "url"): string | null {
  const url = parseWord(given, "url", WEBHOOK_URL_LENGTH_MAX);
  if (url === null || (WEBHOOK_URL.test(url) && URL.canParse(url))) return url;
  throw new Refusal(1000, `${name} must be an http or https URL without a user.`);
}

/** Client credentials; `credentialsLocation` is the header where none is given, as RFC 6749 advises. */
function parseOAuth(given: JsonObject): OAuthClient | null {
  if (member(given, "oauth") === undefined) return null;
  const oauth = parseObject(member(given, "oauth"), 1000, "oauth");
  const url = parseUrl(oauth, "oauth.url");
  const clientId = parseWord(oauth, "clientId", CREDENTIAL_LENGTH_MAX);
  const clientSecret = parseWord(oauth, "clientSecret", CREDENTIAL_LENGTH_MAX);
  const scope = parseWord(oauth, "scope", CREDENTIAL_LENGTH_MAX);
  if (url === null || clientId === null || clientSecret === null) {
    throw new Refusal(1000, "oauth needs url, clientId and clientSecret.");
  }
  const credentialsLocation = parseLocation(oauth);
  return { url, clientId, clientSecret, credentialsLocation, ...(scope !== null && { scope }) };
}

function parseLocation(oauth: JsonObject): OAuthClient["credentialsLocation"] {
  const location = member(oauth, "credentialsLocation") ?? "header";
  if (location === "header" || location === "body") return location;
  throw new Refusal(1000, "oauth.credentialsLocation must be header or body.");
}

function parseAuthorization(given: JsonObject): string | null {
  const name = "httpAuthorization";
  const authorization = parseWord(given, name, 2_048);
  if (authorization === null || AUTHORIZATION.test(authorization)) return authorization;
  throw new Refusal(1000, `${name} must be the value of a header.`);
}

function parseWord(given: JsonObject, name: string, lengthMax: number): string | null {
  return parseText(member(given, name), { name, invalid: 1000, tooLong: 1000, lengthMax });
}
