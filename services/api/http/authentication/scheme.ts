import type { FastifyRequest } from "fastify";
import type { ApiKey, Settings } from "#libs/settings/account.ts";

/**
 * A way to prove who is asking, of which each dialect names its vendor's: the key that a request was
 * sent with. Undefined where it shows none, or one that is unknown, revoked or not proved.
 */
export type Scheme = (request: FastifyRequest, settings: Settings) => ApiKey | undefined;
