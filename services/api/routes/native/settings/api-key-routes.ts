// API keys: made here and shown once, revoked, deleted. The same for an account and the operator.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { newApiKey } from "#libs/settings/api-keys.ts";
import { NewApiKey } from "#libs/settings/bodies.ts";
import { type BodyOf, parseGiven } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { changeSetting, deleteSetting, listSettings, notThere, showSetting } from "./resource.ts";

type Params = { Params: { name: string } };
type AccountIdOf = (request: FastifyRequest) => string;

const kind = "api-key" as const;

export function apiKeyRoutes({ settings, writer }: ApiDeps, accountIdOf: AccountIdOf) {
  const placeOf = (request: FastifyRequest<Params>) => {
    return { accountId: accountIdOf(request), kind, name: request.params.name };
  };
  return async (server: FastifyInstance): Promise<void> => {
    server.get("/", async (request) =>
      listSettings({ accountId: accountIdOf(request), kind }, settings),
    );
    server.get<Params>("/:name", async (request, reply) =>
      showSetting(placeOf(request), settings, reply),
    );
    server.post("/", async (request, reply) => {
      const { apiKey, body } = newApiKey(parseGiven(NewApiKey, request.body), Date.now());
      const place = { accountId: accountIdOf(request), kind, name: randomUUID() };
      const made = { place, next: () => body, expected: "absent" } as const;
      const shown = await changeSetting(made, writer, { request, reply });
      return { ...shown, key: apiKey };
    });
    // A key that leaked must go at once, whatever else has changed: no ETag is asked for.
    server.post<Params>("/:name/revoke", async (request, reply) => {
      const place = placeOf(request);
      const next = (current?: BodyOf<"api-key">) => {
        if (!current) throw notThere(place);
        return { revokedAt: new Date().toISOString(), ...current };
      };
      return changeSetting({ place, next, expected: "anything" }, writer, { request, reply });
    });
    server.delete<Params>("/:name", async (request, reply) =>
      deleteSetting(placeOf(request), writer, { request, reply }),
    );
  };
}
