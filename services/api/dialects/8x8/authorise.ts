// Who may use the paths of a sub-account and of an account.
import type { FastifyRequest } from "fastify";
import { ACCOUNT_ID } from "#libs/contracts/limits.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { Scope } from "#libs/settings/bodies/api-key.ts";
import { authorizationKey } from "../../http/authentication/authorization-key.ts";
import { scopeNeeded } from "../../http/caller.ts";

const findKey = authorizationKey("Bearer");

/** From 8x8's OpenAPI. */
const GUID = /^[0-9a-f]{8}-?([0-9a-f]{4}-?){3}[0-9a-f]{12}$/i;

export type SubAccountParams = { Params: { subAccountId: string } };
export type AccountParams = { Params: { accountId: string } };

/** Notes the caller in the request, or refuses it with 1200, 1001 or 1201. */
export function authorise(request: FastifyRequest<SubAccountParams>, settings: Settings): void {
  const { subAccountId } = request.params;
  const apiKey = findKey(request, settings);
  if (!apiKey) throw new Refusal(1200);
  if (!ACCOUNT_ID.test(subAccountId)) throw new Refusal(1001);
  // One answer for a foreign and an unknown sub-account: it tells nobody which exist.
  const account = settings.findAccount(subAccountId);
  if (!account || apiKey.accountId !== subAccountId) throw new Refusal(1201);
  const scope = scopeNeeded(request);
  if (!apiKey.scopes.includes(scope)) throw new Refusal(1201, `the key has no scope ${scope}.`);
  request.apiKey = apiKey;
  request.account = account;
}

/** Notes the caller in the request, or refuses it with 1200 or 1201. */
export function authoriseAccount(
  request: FastifyRequest<AccountParams>,
  settings: Settings,
  needed: readonly Scope[],
): void {
  const apiKey = findKey(request, settings);
  if (!apiKey) throw new Refusal(1200);
  if (!GUID.test(request.params.accountId)) throw new Refusal(1000, "the account id is no GUID.");
  const account = settings.findAccount(apiKey.accountId);
  // One answer for a foreign and an unknown account: it tells nobody which exist.
  if (!account || plainGuid(account.guid) !== plainGuid(request.params.accountId)) {
    throw new Refusal(1201);
  }
  const { scopes } = apiKey;
  const missing = needed.filter((scope) => !scopes.includes(scope));
  if (missing.length > 0 && !scopes.includes("admin")) {
    throw new Refusal(1201, `the key has no scope ${missing.join(", ")}.`);
  }
  request.apiKey = apiKey;
  request.account = account;
}

/** 8x8's pattern takes them with and without hyphens. */
function plainGuid(guid: string): string {
  return guid.replaceAll("-", "").toLowerCase();
}
