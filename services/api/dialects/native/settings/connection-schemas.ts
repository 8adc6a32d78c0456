// What the routes of connections take and answer.
import { type TSchema, Type } from "typebox";
import { ConnectionBody, NewConnection } from "#libs/settings/bodies/connection.ts";
import { ChangePreconditions, listOf, NoContent, Preconditions } from "../openapi/answers.ts";
import { DELETING, PUTTING } from "./refusals.ts";
import {
  AccountParams,
  adminOperation,
  givenBody,
  itemParams,
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
const { credentials: _secret, ...open } = given;
const body = {
  ...open,
  receiptsPath: "/receipts/generic-http/5b0c3f0a6d354a869d8e6f7c0f3b2a11",
};

const { sealedCredentials: _sealed, guid: _guid, ...members } = ConnectionBody.properties;
const receiptsPath = Type.String({
  description: "Where its provider posts receipts, below the address of the receipt-bridge.",
});
const shown = { ...members, receiptsPath };
const Shown = shownSetting("Connection", Type.Object(shown), { name, body });

const readOnly = (schema: TSchema) => Type.Optional(Type.Unsafe({ ...schema, readOnly: true }));
/** A connection can be put as it was read: its credentials stay. */
const Given = givenBody(
  Type.Object({ ...NewConnection.properties, receiptsPath: readOnly(receiptsPath) }),
  given,
);

const operation = (id: string, summary: string) => adminOperation("Connections", id, summary);
const item = { params: itemParams(name) };

export const listConnections = {
  ...operation("listConnections", "List connections, without what is secret"),
  params: AccountParams,
  response: { 200: listOf(Shown, shownExample({ name, body })) },
  problems: ["not-found"],
} as const;

export const readConnection = {
  ...operation("getConnection", "Show a connection"),
  ...item,
  response: { 200: Shown },
  problems: ["not-found"],
} as const;

export const putConnection = {
  ...operation("putConnection", "Make or change a connection"),
  ...item,
  headers: Preconditions,
  body: Given,
  response: { 200: Shown, 201: Shown },
  problems: PUTTING,
} as const;

export const removeConnection = {
  ...operation("deleteConnection", "Delete a connection"),
  ...item,
  headers: ChangePreconditions,
  response: { 204: NoContent },
  problems: DELETING,
} as const;
