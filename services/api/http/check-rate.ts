import type { FastifyRequest } from "fastify";
import { HttpRefusal } from "#libs/http/http-fault.ts";
import type { ApiDeps } from "../api-deps.ts";

/** Throws HttpRefusal 429 for a request whose key asks faster than the operator allows. */
export async function checkRate(
  { apiKey, account }: Pick<FastifyRequest, "apiKey" | "account">,
  { keyRates, settings }: Pick<ApiDeps, "keyRates" | "settings">,
): Promise<void> {
  if (!apiKey) return;
  // The operator's own keys are above accounts, and have no limit.
  const owner = account ?? settings.findAccount(apiKey.accountId);
  if (owner?.limits.ratePerKey.perSecond === undefined) return;
  const waitMs = await keyRates.waitMs(apiKey, owner);
  if (waitMs <= 0) return;
  const retryAfterSeconds = Math.ceil(waitMs / 1_000);
  const advice = `the key asks too often, it may ask again in ${retryAfterSeconds} s.`;
  throw new HttpRefusal({ status: 429, advice, retryAfterSeconds });
}
