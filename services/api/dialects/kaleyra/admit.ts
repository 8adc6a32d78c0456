// Who may use the paths of an account, which Kaleyra calls by its SID.
import type { FastifyRequest } from "fastify";
import { KaleyraError } from "#libs/dialects/kaleyra/api-error.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { Scope } from "#libs/settings/bodies/api-key.ts";
import { ALL_ACCOUNTS } from "#libs/settings/setting.ts";
import { headerKey } from "../../http/authentication/header-key.ts";

const findKey = headerKey("api-key");

export type SidParams = { Params: { sid: string } };

/**
 * Notes the caller in the request, if the key is the account's, or the operator's, and has one of the
 * scopes. Throws KaleyraError 401 and 403.
 */
export function admit(
  request: FastifyRequest<SidParams>,
  settings: Settings,
  scopes: readonly Scope[],
): void {
  const apiKey = findKey(request, settings);
  if (!apiKey) throw new KaleyraError(401, "INVALID_API_KEY", "Send a good key as `api-key`.");
  const { sid } = request.params;
  const account = settings.findAccount(sid);
  const isOwn = apiKey.accountId === sid || apiKey.accountId === ALL_ACCOUNTS;
  // One answer for a foreign and an unknown account: it tells nobody which exist.
  if (!account || !isOwn) throw new KaleyraError(403, "FORBIDDEN", "The key is not this SID's.");
  if (!apiKey.scopes.some((scope) => scopes.includes(scope))) {
    throw new KaleyraError(403, "FORBIDDEN", `The key has no scope ${scopes.join(" or ")}.`);
  }
  request.apiKey = apiKey;
  request.account = account;
}
