// Connections, of an account or of the operator: put like other settings, but for their credentials,
// which are sealed and never shown.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { endConnection } from "#libs/connections/end-connection.ts";
import { nextConnection } from "#libs/connections/next-connection.ts";
import { parseGiven } from "#libs/json/parse-given.ts";
import { type ConnectionSetting, NewOperatorConnection } from "#libs/settings/bodies/connection.ts";
import type { SettingOf, Stamp } from "#libs/settings/setting.ts";
import { isTheOperators } from "#libs/settings/usable-connections.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { connectionPlace } from "./connection-place.ts";
import {
  type ConnectionOwner,
  connectionSchemas,
  listUsableConnections,
} from "./connection-schemas.ts";
import { changeSetting, deleteSetting, listSettings, showSetting } from "./resource.ts";

const kind = "connection" as const;

export function connectionRoutes(deps: ApiDeps, owner: ConnectionOwner): FastifyPluginAsyncTypebox {
  const { settings, writer, secretsKeys } = deps;
  const schemas = connectionSchemas(owner);
  return async (server) => {
    server.put("/:name", { schema: schemas.put }, async (request, reply) => {
      const place = connectionPlace(request, owner);
      const sealing = { secretsKeys, accountId: place.accountId };
      const given = parseGiven(NewOperatorConnection, request.body);
      const next = (current: ConnectionSetting | undefined) =>
        nextConnection(given, current, sealing);
      return changeSetting({ place, next }, writer, { request, reply });
    });
    server.get("/", { schema: schemas.list }, async (request, reply) =>
      listSettings({ accountId: owner.accountIdOf(request), kind }, settings, reply),
    );
    server.get("/:name", { schema: schemas.read }, async (request, reply) =>
      showSetting(connectionPlace(request, owner), settings, reply),
    );
    server.delete("/:name", { schema: schemas.remove }, async (request, reply) => {
      const place = connectionPlace(request, owner);
      const beside = (current: ConnectionSetting, stamp: Stamp) =>
        endConnection(current, { accountId: place.accountId, ...stamp });
      return deleteSetting({ place, beside }, writer, { request, reply });
    });
  };
}

/** An account's admin sees which of the operator's connections its messages may go by. */
export function usableConnectionRoute({ settings }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get("/", { schema: listUsableConnections }, async ({ params: { accountId } }) => {
      const usable = settings.connectionsOf(accountId).filter(isTheOperators);
      return { items: usable.map(usableView) };
    });
  };
}

function usableView({ name: id, body }: SettingOf<"connection">) {
  const { provider, enabled, paused, label, channels, senders, when } = body;
  return { id, provider, enabled, paused, label, channels, senders, when };
}
