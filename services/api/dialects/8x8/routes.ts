// The paths of 8x8's Messaging API.
import type { FastifyInstance } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";
import { messageRoutes } from "./message-routes.ts";
import { unservedRoutes } from "./unserved-operations.ts";
import { webhookRoutes } from "./webhook-routes.ts";

export function eightByEightRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.register(messageRoutes(deps), {
      prefix: "/api/v1/subaccounts/:subAccountId/messages",
    });
    server.register(webhookRoutes(deps), { prefix: "/api/v1/accounts/:accountId/webhooks" });
    server.register(unservedRoutes(deps));
  };
}
