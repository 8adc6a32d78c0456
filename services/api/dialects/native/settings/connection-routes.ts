// Connections: put like other settings, but for their credentials, which are sealed and never shown.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { endConnection } from "#libs/connections/end-connection.ts";
import { nextConnection } from "#libs/connections/next-connection.ts";
import type { ConnectionSetting } from "#libs/settings/bodies/connection.ts";
import type { Stamp } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { placeOf } from "./collection-routes.ts";
import {
  listConnections,
  putConnection,
  readConnection,
  removeConnection,
} from "./connection-schemas.ts";
import { changeSetting, deleteSetting, listSettings, showSetting } from "./resource.ts";

const kind = "connection" as const;

export function connectionRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  const { settings, writer, secretsKeys } = deps;
  return async (server) => {
    server.put("/:name", { schema: putConnection }, async (request, reply) => {
      const place = placeOf(request.params, kind);
      const sealing = { secretsKeys, accountId: place.accountId };
      const { receiptsPath: _shown, ...given } = request.body;
      const next = (current: ConnectionSetting | undefined) =>
        nextConnection(given, current, sealing);
      return changeSetting({ place, next }, writer, { request, reply });
    });
    server.get("/", { schema: listConnections }, async ({ params: { accountId } }, reply) =>
      listSettings({ accountId, kind }, settings, reply),
    );
    server.get("/:name", { schema: readConnection }, async (request, reply) =>
      showSetting(placeOf(request.params, kind), settings, reply),
    );
    server.delete("/:name", { schema: removeConnection }, async (request, reply) => {
      const place = placeOf(request.params, kind);
      const beside = (current: ConnectionSetting, stamp: Stamp) =>
        endConnection(current, { accountId: place.accountId, ...stamp });
      return deleteSetting({ place, beside }, writer, { request, reply });
    });
  };
}
