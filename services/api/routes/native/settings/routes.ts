// The settings' paths. Whoever gets here has a key with the scope `admin`.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ALL_ACCOUNTS, bodies, parseGiven } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { refuseAccounts, refuseStranger } from "../admit.ts";
import { accountRoutes } from "./account-routes.ts";
import { apiKeyRoutes } from "./api-key-routes.ts";
import { collectionRoutes } from "./collection-routes.ts";
import { flowRoutes } from "./flow-routes.ts";
import { checkAccount } from "./resource.ts";
import { webhookFailureRoutes } from "./webhook-failure-routes.ts";
import { callbackSecretRoutes, webhookRoutes } from "./webhook-routes.ts";

/** Every kind that is put as it stands, by its collection. */
const COLLECTIONS = {
  channels: "channel",
  "fallback-rules": "fallback-rule",
  "fallback-policies": "fallback-policy",
  templates: "template",
  "sms-senders": "sms-sender",
  prices: "price",
} as const;

export function settingsRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.register(accountRoutes(deps), { prefix: "/accounts" });
    server.register(ofAccount(deps), { prefix: "/accounts/:accountId" });
    server.register(operatorKeys(deps), { prefix: "/admin-keys" });
  };
}

function ofAccount(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook("onRequest", async (request) => {
      const accountId = accountIdOf(request);
      refuseStranger(request, accountId);
      checkAccount(accountId, deps.settings);
    });
    server.register(apiKeyRoutes(deps, accountIdOf), { prefix: "/api-keys" });
    server.register(flowRoutes(deps), { prefix: "/flows" });
    server.register(webhookRoutes(deps), { prefix: "/webhooks" });
    server.register(callbackSecretRoutes(deps), { prefix: "/callback-secret" });
    server.register(webhookFailureRoutes(deps), { prefix: "/webhook-failures" });
    for (const [collection, kind] of Object.entries(COLLECTIONS)) {
      const toBody = (given: unknown) => parseGiven(bodies[kind], given);
      server.register(collectionRoutes(deps, { kind, toBody }), { prefix: `/${collection}` });
    }
  };
}

function operatorKeys(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook("onRequest", async (request) => refuseAccounts(request));
    server.register(apiKeyRoutes(deps, () => ALL_ACCOUNTS));
  };
}

function accountIdOf({ params }: FastifyRequest): string {
  return String(Object(params).accountId);
}
