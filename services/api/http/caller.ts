// Who is asking: noted in the request once its dialect has let it in, before the body is read.
import type { FastifyRequest } from "fastify";
import type { Account, ApiKey } from "#libs/settings/account.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The key that the request was let in with. */
    apiKey: ApiKey | null;
    /** The key's account; null for an operator's key, which is above accounts. */
    account: Account | null;
  }
}

/** The account of a request that was let in. */
export function callerOf(request: FastifyRequest): Account {
  if (request.account) return request.account;
  throw new Error(`${request.method} ${request.url} was served without a check of its key.`);
}

/** The key of a request that was let in. */
export function keyOf(request: FastifyRequest): ApiKey {
  if (request.apiKey) return request.apiKey;
  throw new Error(`${request.method} ${request.url} was served without a check of its key.`);
}

/** What a change says of who made it; the operator's keys are told from an account's by their place. */
export function callerName(request: FastifyRequest): string {
  const { accountId, name } = keyOf(request);
  return `${accountId}/${name}`;
}

/** What a key must be good for: what only looks needs `read`. */
export function scopeNeeded({ method }: FastifyRequest): "read" | "send" {
  return method === "GET" || method === "HEAD" ? "read" : "send";
}
