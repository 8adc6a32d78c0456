// Who may use Vonage's paths: whoever shows a key of the account (Basic), or a token that an
// application of the account has signed, each token once.
import type { FastifyRequest } from "fastify";
import { VonageError } from "#libs/dialects/vonage/api-error.ts";
import type { ApiKey } from "#libs/settings/account.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { basicKey } from "../../http/authentication/basic-key.ts";
import { grants } from "../../http/authentication/token-acl.ts";
import { readToken } from "../../http/authentication/token-key.ts";

type AdmitDeps = Pick<ApiDeps, "settings" | "signatureNonces">;

/** Notes the caller in the request. Throws VonageError 401 and 403. */
export async function admit(request: FastifyRequest, deps: AdmitDeps): Promise<void> {
  const { settings } = deps;
  const apiKey = basicKey(request, settings) ?? (await tokenKey(request, deps));
  if (!apiKey) throw new VonageError("unauthorized");
  const account = settings.findAccount(apiKey.accountId);
  if (!account || !apiKey.scopes.includes("send")) throw new VonageError("forbidden");
  request.apiKey = apiKey;
  request.account = account;
}

async function tokenKey(
  request: FastifyRequest,
  { settings, signatureNonces }: AdmitDeps,
): Promise<ApiKey | undefined> {
  const token = await readToken(request, settings);
  if (!token) return undefined;
  if (!grants(token.acl, request)) throw new VonageError("forbidden");
  const use = { signerId: token.applicationId, nonce: token.tokenId };
  return (await signatureNonces.claim(use, token.leftSeconds)) ? token.apiKey : undefined;
}
