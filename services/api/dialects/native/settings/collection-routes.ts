// A collection of an account's settings of one kind: list, read, put, delete.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { TObject } from "typebox";
import { settingNameOf } from "#libs/settings/bodies/template.ts";
import { type BodyOf, bodies, type Kind, type Place } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { ChangePreconditions, listOf, NoContent, Preconditions } from "../openapi/answers.ts";
import type { Tag } from "../openapi/tags.ts";
import { tryIds } from "./next-id.ts";
import { DELETING, PUTTING } from "./refusals.ts";
import { changeSetting, deleteSetting, listSettings, showSetting } from "./resource.ts";
import {
  AccountParams,
  adminOperation,
  type Example,
  itemParams,
  shownExample,
  shownSetting,
} from "./schemas.ts";

export type Collection<K extends Kind> = {
  kind: K;
  /** Its tag, the collection's name in the document. */
  tag: Tag;
  /** In operation ids: `putChannel`. */
  noun: string;
  /** In sentences. */
  words: { one: string; many: string };
  /** What a PUT may say. */
  given: TObject;
  example: Example;
  /** Of settings that are made without a name too: their ids are this and six digits, as Alibaba's. */
  idPrefix?: string;
  /** The body after a PUT. Throws SettingRefusal for what a caller may not say. */
  toBody: (given: unknown, current: BodyOf<K> | undefined) => BodyOf<K>;
};

export function collectionRoutes<K extends Kind>(
  { settings, writer }: ApiDeps,
  collection: Collection<K>,
): FastifyPluginAsyncTypebox {
  const { kind, toBody, idPrefix } = collection;
  const schemas = schemasOf(collection);
  return async (server) => {
    server.put("/:name", { schema: schemas.put }, async (request, reply) => {
      const next = (current: BodyOf<K> | undefined) => toBody(request.body, current);
      const place = placeOf(request.params, kind);
      return changeSetting({ place, next }, writer, { request, reply });
    });
    if (idPrefix !== undefined) {
      server.post("/", { schema: schemas.make }, async (request, reply) => {
        const { accountId } = request.params;
        const next = () => toBody(request.body, undefined);
        return tryIds({ accountId, kind, idPrefix }, settings, (place) =>
          changeSetting({ place, next, expected: "absent" }, writer, { request, reply }),
        );
      });
    }
    server.get("/", { schema: schemas.list }, async ({ params: { accountId } }, reply) =>
      listSettings({ accountId, kind }, settings, reply),
    );
    server.get("/:name", { schema: schemas.read }, async (request, reply) =>
      showSetting(placeOf(request.params, kind), settings, reply),
    );
    server.delete("/:name", { schema: schemas.remove }, async (request, reply) =>
      deleteSetting({ place: placeOf(request.params, kind) }, writer, { request, reply }),
    );
  };
}

export function placeOf<K extends Kind>(
  { accountId, name }: Omit<Place, "kind">,
  kind: K,
): Place<K> {
  return { accountId, kind, name };
}

function schemasOf({ kind, tag, noun, words, given, example }: Collection<Kind>) {
  const Shown = shownSetting(noun, bodies[kind], example);
  const params = itemParams(example.name, settingNameOf(kind));
  const operation = (verb: string, summary: string, what = noun) =>
    adminOperation(tag, `${verb}${what}`, summary);
  const response = { 200: Shown };
  const problems = ["not-found"] as const;
  return {
    list: {
      ...operation("list", `List ${words.many}`, `${noun.replace(/y$/, "ie")}s`),
      params: AccountParams,
      response: { 200: listOf(Shown, shownExample(example)) },
      problems,
    },
    read: { ...operation("get", `Show ${words.one}`), params, response, problems },
    make: {
      ...operation("make", `Make ${words.one}: its id is the next free one`),
      params: AccountParams,
      body: given,
      response: { 201: Shown },
      problems: PUTTING,
    },
    put: {
      ...operation("put", `Make or change ${words.one}`),
      params,
      headers: Preconditions,
      body: given,
      response: { ...response, 201: Shown },
      problems: PUTTING,
    },
    remove: {
      ...operation("delete", `Delete ${words.one} that nothing needs`),
      params,
      headers: ChangePreconditions,
      response: { 204: NoContent },
      problems: DELETING,
    },
  };
}
