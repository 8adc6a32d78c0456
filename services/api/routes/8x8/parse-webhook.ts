// An element of 8x8's webhook registration, from JSON to ours.
import type { Account } from "#libs/settings/account.ts";
import {
  AUTHORIZATION,
  WEBHOOK_URL,
  WEBHOOK_URL_LENGTH_MAX,
  webhookTypes,
} from "#libs/settings/bodies.ts";
import { WEBHOOK_COUNT_MAX } from "#libs/settings/check-change.ts";
import type { OAuthClient } from "#libs/webhooks/oauth-client.ts";
import type { JsonObject } from "../../json-object.ts";
import { member, parseObject, parseText } from "./json-value.ts";
import { Refusal } from "./refusal.ts";

const CREDENTIAL_LENGTH_MAX = 2_000;

type WebhookType = (typeof webhookTypes)[number];
export type RegisteredWebhook = {
  url: string;
  enabled: boolean;
  type: WebhookType;
  authorization: string | null;
  oauth: OAuthClient | null;
};

/** The elements of a body. Throws Refusal for anything but an array of 1 to 20. */
export function parseWebhooks(body: unknown): unknown[] {
  if (Array.isArray(body) && body.length > 0 && body.length <= WEBHOOK_COUNT_MAX) return body;
  throw new Refusal(1000, `the body must be an array of 1 to ${WEBHOOK_COUNT_MAX} webhooks.`);
}

/** Throws Refusal. */
export function parseWebhook(element: unknown, account: Account): RegisteredWebhook {
  const given = parseObject(element, 1000, "a webhook");
  checkSubAccount(given, account);
  const url = parseUrl(given);
  if (url === null) throw new Refusal(1000, "url is missing.");
  const enabled = member(given, "enabled") ?? true;
  if (typeof enabled !== "boolean") throw new Refusal(1000, "enabled must be true or false.");
  const [authorization, oauth] = [parseAuthorization(given), parseOAuth(given)];
  if (authorization !== null && oauth !== null) {
    throw new Refusal(1000, "a webhook has httpAuthorization or oauth, not both.");
  }
  return { url, enabled, type: parseType(given), authorization, oauth };
}

/** Which webhooks an element of a deletion means. */
export function parseWebhookFilter(element: unknown, account: Account) {
  const given = parseObject(element, 1000, "a webhook");
  checkSubAccount(given, account);
  return { type: parseType(given), url: parseUrl(given) };
}

function checkSubAccount(given: JsonObject, { accountId }: Account): void {
  const subAccountId = member(given, "subAccountId") ?? "*";
  if (subAccountId === "*" || subAccountId === accountId) return;
  throw new Refusal(1001, `subAccountId must be "*" or ${accountId}.`);
}

function parseType(given: JsonObject): WebhookType {
  const type = member(given, "type") ?? "CADR";
  const found = webhookTypes.find((word) => word === type);
  if (found) return found;
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
