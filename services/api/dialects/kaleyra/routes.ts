// Kaleyra's paths of an account: its flows, and invocations of them.
import type { FastifyInstance } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";
import { flowRoutes } from "./flow-routes.ts";
import { invokeRoutes } from "./invoke-routes.ts";

const PREFIX = "/v1/:sid/workflow/v1";
/** Vonage's paths begin with `/v1` too. */
const OWNED = /^\/v1\/[^/]+\/workflow(\/|$)/;

export function isKaleyraPath(path: string): boolean {
  return OWNED.test(path);
}

export function kaleyraRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.register(flowRoutes(deps), { prefix: PREFIX });
    server.register(invokeRoutes(deps), { prefix: PREFIX });
  };
}
