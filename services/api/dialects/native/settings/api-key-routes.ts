// API keys: made here and shown once, revoked, deleted. The same for an account and the operator.
import { randomUUID } from "node:crypto";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import { newAccessSecret, newApiKey } from "#libs/settings/api-keys.ts";
import type { BodyOf } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { type ApiKeyPlace, apiKeySchemas } from "./api-key-schemas.ts";
import { changeSetting, deleteSetting, listSettings, notThere, showSetting } from "./resource.ts";

const kind = "api-key" as const;

export function apiKeyRoutes(
  { settings, writer, secretsKeys }: ApiDeps,
  at: ApiKeyPlace,
): FastifyPluginAsyncTypebox {
  const schemas = apiKeySchemas(at);
  const placeOf = (request: FastifyRequest, name: string) => {
    return { accountId: at.accountIdOf(request), kind, name };
  };
  return async (server) => {
    server.post("/", { schema: schemas.make }, async (request, reply) => {
      const { accessKey, ...given } = request.body;
      const { apiKey, body } = newApiKey(given, Date.now());
      const place = placeOf(request, randomUUID());
      const sealing = { secretsKeys, accountId: place.accountId };
      const { secret, sealedSecret } = newAccessSecret(sealing);
      const kept = accessKey ? { ...body, sealedSecret } : body;
      const made = { place, next: () => kept, expected: "absent" } as const;
      const shown = await changeSetting(made, writer, { request, reply });
      return { ...shown, key: apiKey, ...(accessKey && { accessKeySecret: secret }) };
    });
    server.get("/", { schema: schemas.list }, async (request, reply) =>
      listSettings({ accountId: at.accountIdOf(request), kind }, settings, reply),
    );
    server.get("/:name", { schema: schemas.read }, async (request, reply) =>
      showSetting(placeOf(request, request.params.name), settings, reply),
    );
    // A key that leaked must go at once, whatever else has changed: no ETag is asked for.
    server.post("/:name/revoke", { schema: schemas.revoke }, async (request, reply) => {
      const place = placeOf(request, request.params.name);
      const next = (current?: BodyOf<"api-key">) => {
        if (!current) throw notThere(place);
        return { revokedAt: new Date().toISOString(), ...current };
      };
      return changeSetting({ place, next, expected: "anything" }, writer, { request, reply });
    });
    server.delete("/:name", { schema: schemas.remove }, async (request, reply) =>
      deleteSetting({ place: placeOf(request, request.params.name) }, writer, { request, reply }),
    );
  };
}
