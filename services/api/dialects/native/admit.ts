// Who may do what in the native API.
import type { FastifyRequest } from "fastify";
import { Problem } from "#libs/dialects/native/problem.ts";
import type { ApiKey, Settings } from "#libs/settings/account.ts";
import { ALL_ACCOUNTS } from "#libs/settings/setting.ts";
import { authorizationKey } from "../../http/authentication/authorization-key.ts";
import { keyOf, scopeNeeded } from "../../http/caller.ts";

const findKey = authorizationKey("Bearer");

/** Lets a request of messages in: a key of an account, with the scope `send` or `read`. */
export function admitSender(
  request: FastifyRequest,
  settings: Settings,
  scope = scopeNeeded(request),
): void {
  const apiKey = admit(request, settings, scope);
  request.account = settings.findAccount(apiKey.accountId) ?? null;
  if (!request.account) throw new Problem("forbidden", "Use a key of the message's account.");
}

/** Lets a request of settings in: a key with the scope `admin`, of an account or the operator's. */
export function admitAdmin(request: FastifyRequest, settings: Settings): void {
  admit(request, settings, "admin");
}

/** An account's own admin key is good for that account only. */
export function refuseStranger(request: FastifyRequest, accountId: string): void {
  const { accountId: own } = keyOf(request);
  if (own === ALL_ACCOUNTS || own === accountId) return;
  throw new Problem("forbidden", "The key is another account's.");
}

/** For what only the operator may do. */
export function refuseAccounts(request: FastifyRequest): void {
  if (keyOf(request).accountId === ALL_ACCOUNTS) return;
  throw new Problem("forbidden", "Only an operator's admin key may do this.");
}

function admit(request: FastifyRequest, settings: Settings, scope: ApiKey["scopes"][number]) {
  const apiKey = findKey(request, settings);
  if (!apiKey) throw new Problem("unauthorized", "Send `Authorization: Bearer <key>`.");
  request.apiKey = apiKey;
  if (apiKey.scopes.includes(scope)) return apiKey;
  throw new Problem("forbidden", `The key has no scope ${scope}.`);
}
