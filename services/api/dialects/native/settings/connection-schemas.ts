// What the routes of connections take and answer: of an account's and of the operator's.
import type { FastifyRequest } from "fastify";
import { type TObject, type TProperties, type TSchema, Type } from "typebox";
import {
  ConnectionBody,
  NewConnection,
  NewOperatorConnection,
} from "#libs/settings/bodies/connection.ts";
import {
  ChangePreconditions,
  listOf,
  NoContent,
  Preconditions,
  strict,
} from "../openapi/answers.ts";
import type { Tag } from "../openapi/tags.ts";
import { DELETING, PUTTING } from "./refusals.ts";
import {
  AccountParams,
  adminOperation,
  givenBody,
  namedParams,
  shownExample,
  shownSetting,
} from "./schemas.ts";

const name = "gateway";
/** Any gateway over HTTP; not in force until it was tried. */
const given = {
  provider: "generic-http",
  enabled: false,
  channels: ["sms"],
  options: {
    channel: "sms",
    request: {
      url: "https://gateway.example/send",
      headers: { "x-api-key": "{secrets.apiKey}" },
      body: { json: { to: "{to}", from: "{from}", text: "{text}", reference: "{commandId}" } },
    },
    answer: {
      rules: [
        { when: { status: ["2xx"], jsonPointer: "/id" }, means: "accepted" },
        { when: { status: ["4xx"] }, means: "refused", errorClass: "PERMANENT" },
      ],
      id: { jsonPointer: "/id" },
    },
    receipts: {
      proof: { header: { name: "x-token", value: "{secrets.receiptToken}" } },
      id: "/id",
      status: { jsonPointer: "/status", words: { DELIVRD: "DELIVERED", UNDELIV: "UNDELIVERED" } },
    },
  },
  credentials: { apiKey: "the-key-that-the-gateway-gave-you", receiptToken: "a-word-of-your-own" },
};
const { credentials, ...open } = given;
const body = {
  ...open,
  receiptsPath: "/receipts/generic-http/5b0c3f0a6d354a869d8e6f7c0f3b2a11",
};

const readOnly = (schema: TSchema) => Type.Optional(Type.Unsafe({ ...schema, readOnly: true }));

const {
  sealedCredentials: _sealed,
  guid: _guid,
  receiptKey: _key,
  accounts,
  ...members
} = ConnectionBody.properties;
const receiptsPath = Type.Optional(
  Type.String({
    description:
      "Where its provider posts receipts, below the address of the receipt-bridge. Absent: they come on the line of its calls.",
  }),
);

export type ConnectionOwner = {
  tag: Tag;
  /** In operation ids: `putConnection`. */
  noun: string;
  /** In sentences. */
  words: { one: string; many: string };
  /** What stands in the path before the connections. */
  params: TProperties;
  /** What is said and seen of them. */
  given: TObject;
  shown: TObject;
  example: { name: string; body: typeof body };
  accountIdOf: (request: FastifyRequest) => string;
};

/** An account's own. */
export const OWN_CONNECTIONS = {
  tag: "Connections",
  noun: "Connection",
  words: { one: "a connection", many: "connections" },
  params: AccountParams.properties,
  given: NewConnection,
  shown: Type.Object({ ...members, receiptsPath }),
  example: { name, body },
} as const;

/** Those that the operator keeps for accounts. */
export const OPERATOR_CONNECTIONS = {
  tag: "Operator's connections",
  noun: "OperatorConnection",
  words: { one: "a connection of the operator", many: "connections of the operator" },
  params: {},
  given: NewOperatorConnection,
  shown: Type.Object({ ...members, accounts, receiptsPath }),
  example: { name, body: { ...body, accounts: ["acme"] } },
} as const;

export function connectionSchemas(owner: ConnectionOwner) {
  const { tag, noun, words, params, example } = owner;
  const Shown = shownSetting(noun, owner.shown, example);
  const { receiptsPath: _shown, ...said } = example.body;
  // One can be put as it was read: its credentials stay.
  const givenMembers = { ...owner.given.properties, receiptsPath: readOnly(receiptsPath) };
  const Given = givenBody(Type.Object(givenMembers), { ...said, credentials });
  const operation = (verb: string, summary: string) =>
    adminOperation(tag, `${verb}${noun}${verb === "list" ? "s" : ""}`, summary);
  const item = { params: Type.Object({ ...params, ...namedParams(name).properties }) };
  const problems = ["not-found"] as const;
  return {
    list: {
      ...operation("list", `List ${words.many}, without what is secret`),
      params: Type.Object(params),
      response: { 200: listOf(Shown, shownExample(example)) },
      problems,
    },
    read: {
      ...operation("get", `Show ${words.one}`),
      ...item,
      response: { 200: Shown },
      problems,
    },
    put: {
      ...operation("put", `Make or change ${words.one}`),
      ...item,
      headers: Preconditions,
      body: Given,
      response: { 200: Shown, 201: Shown },
      problems: PUTTING,
    },
    remove: {
      ...operation("delete", `Delete ${words.one}`),
      ...item,
      headers: ChangePreconditions,
      response: { 204: NoContent },
      problems: DELETING,
    },
  };
}

const usableExample = { id: name, provider: "generic-http", enabled: true, channels: ["sms"] };

/** What an account is shown of the operator's: neither how they are called nor whom else they are for. */
const Usable = Type.Object(
  {
    id: Type.String(),
    provider: members.provider,
    enabled: Type.Boolean(),
    paused: members.paused,
    label: members.label,
    channels: members.channels,
    senders: members.senders,
    when: members.when,
  },
  {
    ...strict,
    title: "UsableConnection",
    description: "A connection of the operator that the account's messages may go by.",
    examples: [usableExample],
  },
);

export const listUsableConnections = {
  ...adminOperation(
    "Connections",
    "listUsableConnections",
    "List the operator's connections that the account may use",
  ),
  params: AccountParams,
  response: { 200: listOf(Usable, usableExample) },
  problems: ["not-found"],
} as const;
