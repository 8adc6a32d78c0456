// Who may use a sub-account's paths.
import type { FastifyRequest } from "fastify";
import { ACCOUNT_ID } from "#libs/contracts/limits.ts";
import type { Settings } from "#libs/settings/account.ts";
import { findCaller, scopeNeeded } from "../../authenticate.ts";
import { Refusal } from "./refusal.ts";

export type SubAccountParams = { subAccountId: string };

/** Notes the caller in the request, or refuses it with 1200, 1001 or 1201. */
export function authorise(
  request: FastifyRequest<{ Params: SubAccountParams }>,
  settings: Settings,
): void {
  const { subAccountId } = request.params;
  const apiKey = findCaller(request, settings);
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
