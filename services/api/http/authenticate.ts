// Who is asking. Every route of every dialect takes an API key as a bearer token.
import type { FastifyRequest } from "fastify";
import type { Account, ApiKey, Settings } from "#libs/settings/account.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** The key that the request came with; set by the dialect's own check before the body is read. */
    apiKey: ApiKey | null;
    /** The key's account; null for an operator's key, which is above accounts. */
    account: Account | null;
  }
}

const BEARER = /^Bearer +(\S{1,512})$/i;

/** The key that the request carries; undefined where there is none or it is unknown or revoked. */
export function findCaller(request: FastifyRequest, settings: Settings): ApiKey | undefined {
  const key = BEARER.exec(request.headers.authorization ?? "")?.[1];
  return key === undefined ? undefined : settings.findKey(key);
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

/** What a key must be good for: what only looks needs `read`. */
export function scopeNeeded({ method }: FastifyRequest): "read" | "send" {
  return method === "GET" || method === "HEAD" ? "read" : "send";
}
