// What the routes of API keys take and answer: of an account's keys and the operator's.
import type { FastifyRequest } from "fastify";
import { type TProperties, type TSchema, Type } from "typebox";
import { ApiKeyBody, NewApiKey } from "#libs/settings/bodies/api-key.ts";
import { ChangePreconditions, listOf, NoContent, strict } from "../openapi/answers.ts";
import type { Tag } from "../openapi/tags.ts";
import { CHANGING, DELETING } from "./refusals.ts";
import {
  adminOperation,
  namedParams,
  shownExample,
  shownMembers,
  shownSetting,
} from "./schemas.ts";

export type ApiKeyPlace = {
  tag: Tag;
  /** In operation ids: `makeApiKey`. */
  noun: string;
  /** What stands in the path before the keys. */
  owner: TProperties;
  accountIdOf: (request: FastifyRequest) => string;
};

const { hash: _hash, sealedSecret: _sealed, ...shown } = ApiKeyBody.properties;
const name = "5b0c3f0a-6d35-4a86-9d8e-6f7c0f3b2a11";
const given = { scopes: ["send", "read"], label: "Web shop" };
const body = { ...given, createdAt: "2026-11-01T09:30:00.000Z" };
const Shown = shownSetting("ApiKey", Type.Object(shown), { name, body });
const shownKey = shownExample({ name, body });
/** The key itself is shown once, here. */
const Made: TSchema = Type.Object(
  {
    ...shownMembers(shown),
    key: Type.String({ description: "Shown this once, kept as a hash." }),
    accessKeySecret: Type.Optional(
      Type.String({ description: "Of an access key; shown this once, kept sealed." }),
    ),
  },
  {
    ...strict,
    description: "Keep its key.",
    examples: [{ ...shownKey, key: "qf3cZbA1N0k7v9Jm2xWlRtYgUhIoPsDe4T5y6u7i8o9" }],
  },
);

export function apiKeySchemas({ tag, noun, owner }: ApiKeyPlace) {
  const ownerParams = Type.Object(owner);
  const params = Type.Object({ ...owner, ...namedParams(name).properties });
  const problems = ["not-found"] as const;
  const operation = (verb: string, summary: string) =>
    adminOperation(tag, `${verb}${noun}${verb === "list" ? "s" : ""}`, summary);
  return {
    make: {
      ...operation("make", "Make a key"),
      params: ownerParams,
      body: Type.Object(NewApiKey.properties, { ...strict, examples: [given] }),
      response: { 201: Made },
      problems: [...CHANGING, "too-many"] as const,
    },
    list: {
      ...operation("list", "List the keys, without what is secret"),
      params: ownerParams,
      response: { 200: listOf(Shown, shownKey) },
      problems,
    },
    read: { ...operation("get", "Show a key"), params, response: { 200: Shown }, problems },
    revoke: {
      ...operation("revoke", "Revoke a key at once"),
      params,
      response: { 200: Shown },
      problems: CHANGING,
    },
    remove: {
      ...operation("delete", "Delete a key"),
      params,
      headers: ChangePreconditions,
      response: { 204: NoContent },
      problems: DELETING,
    },
  };
}
