// Who is asking. Every route of every dialect takes the account's key as a bearer token.
import type { FastifyRequest } from "fastify";
import type { Account, Settings } from "#libs/settings/account.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by the dialect's own check before the body is read. */
    account: Account | null;
  }
}

const BEARER = /^Bearer +(\S{1,512})$/i;

/** The account whose key the request carries; undefined where there is none or it is unknown. */
export function findCaller(request: FastifyRequest, settings: Settings): Account | undefined {
  const key = BEARER.exec(request.headers.authorization ?? "")?.[1];
  return key === undefined ? undefined : settings.findAccountByKey(key);
}

/** The account of a request that was let in. */
export function callerOf(request: FastifyRequest): Account {
  if (request.account) return request.account;
  throw new Error(`${request.method} ${request.url} was served without a check of its key.`);
}
