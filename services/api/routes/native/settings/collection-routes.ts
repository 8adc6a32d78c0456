// A collection of an account's settings of one kind: list, read, put, delete.
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { BodyOf, Kind } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { changeSetting, deleteSetting, listSettings, showSetting } from "./resource.ts";
import { withoutAdded } from "./setting-view.ts";

export type ItemParams = { Params: { accountId: string; name: string } };
type CollectionParams = { Params: { accountId: string } };

export type Collection<K extends Kind> = {
  kind: K;
  /** The body after a PUT. Throws SettingRefusal for what a caller may not say. */
  toBody: (given: unknown, current: BodyOf<K> | undefined) => BodyOf<K>;
};

export function collectionRoutes<K extends Kind>(
  { settings, writer }: ApiDeps,
  { kind, toBody }: Collection<K>,
) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get<CollectionParams>("/", async ({ params: { accountId } }) =>
      listSettings({ accountId, kind }, settings),
    );
    server.get<ItemParams>("/:name", async (request, reply) =>
      showSetting(placeOf(request, kind), settings, reply),
    );
    server.put<ItemParams>("/:name", async (request, reply) => {
      const given = withoutAdded(request.body);
      const next = (current: BodyOf<K> | undefined) => toBody(given, current);
      return changeSetting({ place: placeOf(request, kind), next }, writer, { request, reply });
    });
    server.delete<ItemParams>("/:name", async (request, reply) =>
      deleteSetting(placeOf(request, kind), writer, { request, reply }),
    );
  };
}

export function placeOf<K extends Kind>({ params }: FastifyRequest<ItemParams>, kind: K) {
  return { accountId: params.accountId, kind, name: params.name };
}
