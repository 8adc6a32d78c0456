// The settings' paths. Whoever gets here has a key with the scope `admin`.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Type } from "typebox";
import { parseGiven } from "#libs/json/parse-given.ts";
import type { Account } from "#libs/settings/account.ts";
import { ALL_ACCOUNTS, bodies } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { refuseAccounts, refuseStranger } from "../admit.ts";
import { accountRoutes } from "./account-routes.ts";
import { apiKeyRoutes } from "./api-key-routes.ts";
import { collectionRoutes } from "./collection-routes.ts";
import { COLLECTIONS } from "./collections.ts";
import { connectionRoutes, usableConnectionRoute } from "./connection-routes.ts";
import { OPERATOR_CONNECTIONS, OWN_CONNECTIONS } from "./connection-schemas.ts";
import { connectionTrialRoutes, templateChangesRoute } from "./connection-trial-routes.ts";
import { flowRoutes } from "./flow-routes.ts";
import { limitsRoutes } from "./limits-routes.ts";
import { checkAccount } from "./resource.ts";
import { AccountParams, givenBody } from "./schemas.ts";
import { usageRoute } from "./usage-route.ts";
import { webhookFailureRoutes } from "./webhook-failure-routes.ts";
import { callbackSecretRoutes, webhookRoutes } from "./webhook-routes.ts";

export function settingsRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.register(accountRoutes(deps), { prefix: "/accounts" });
    server.register(ofAccount(deps), { prefix: "/accounts/:accountId" });
    server.register(limitsOfAll(deps), { prefix: "/limits" });
    server.register(operatorConnections(deps), { prefix: "/connections" });
    server.register(operatorKeys(deps), { prefix: "/admin-keys" });
  };
}

function ofAccount(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook("onRequest", async (request) => {
      const accountId = accountIdOf(request);
      refuseStranger(request, accountId);
      checkAccount(accountId, deps.settings);
      refuseOwnPrices(request, deps.settings.findAccount(accountId));
    });
    const owner = AccountParams.properties;
    const keys = { tag: "API keys", noun: "ApiKey", owner, accountIdOf } as const;
    server.register(apiKeyRoutes(deps, keys), { prefix: "/api-keys" });
    for (const [path, { kind, example, ...more }] of Object.entries(COLLECTIONS)) {
      const toBody = (body: unknown) => parseGiven(bodies[kind], body);
      const given = givenBody(bodies[kind], example.body);
      const collection = { kind, example, ...more, given, toBody };
      server.register(collectionRoutes(deps, collection), { prefix: `/${path}` });
    }
    const limits = { noun: "Limits", whose: "an account", params: AccountParams, accountIdOf };
    server.register(limitsRoutes(deps, limits), { prefix: "/limits" });
    server.register(usageRoute(deps), { prefix: "/usage" });
    server.register(flowRoutes(deps), { prefix: "/flows" });
    const connections = { ...OWN_CONNECTIONS, accountIdOf };
    server.register(connectionRoutes(deps, connections), { prefix: "/connections" });
    server.register(connectionTrialRoutes(deps, connections), { prefix: "/connections" });
    server.register(templateChangesRoute(deps), { prefix: "/connections" });
    server.register(usableConnectionRoute(deps), { prefix: "/operator-connections" });
    server.register(webhookRoutes(deps), { prefix: "/webhooks" });
    server.register(callbackSecretRoutes(deps), { prefix: "/callback-secret" });
    server.register(webhookFailureRoutes(deps), { prefix: "/webhook-failures" });
  };
}

const PRICES_PATH = "/ft/v1/accounts/:accountId/prices";

const OPERATOR = {
  tag: "Admin keys",
  noun: "AdminKey",
  owner: {},
  accountIdOf: () => ALL_ACCOUNTS,
} as const;

function limitsOfAll(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook("onRequest", async (request) => refuseAccounts(request));
    const whose = "accounts that have none of their own";
    const { accountIdOf: ofAll } = OPERATOR;
    const owner = { noun: "LimitsOfAll", whose, params: Type.Object({}), accountIdOf: ofAll };
    server.register(limitsRoutes(deps, owner));
  };
}

function operatorConnections(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook("onRequest", async (request) => refuseAccounts(request));
    const { accountIdOf: ofAll } = OPERATOR;
    const owner = { ...OPERATOR_CONNECTIONS, accountIdOf: ofAll };
    server.register(connectionRoutes(deps, owner));
    server.register(connectionTrialRoutes(deps, owner));
  };
}

function operatorKeys(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.addHook("onRequest", async (request) => refuseAccounts(request));
    server.register(apiKeyRoutes(deps, OPERATOR));
  };
}

function accountIdOf({ params }: FastifyRequest): string {
  return String(Object(params).accountId);
}

/** Whoever could make things cheaper could spend more than the cap. */
function refuseOwnPrices(request: FastifyRequest, account: Account | undefined): void {
  const isPrice = (request.routeOptions.url ?? "").startsWith(PRICES_PATH);
  if (!isPrice || request.method === "GET" || request.method === "HEAD") return;
  if (account?.limits.daily.spend !== undefined) refuseAccounts(request);
}
