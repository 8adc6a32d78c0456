// What the routes of webhooks take and answer.
import { type TSchema, Type } from "typebox";
import { NewWebhook, WebhookBody } from "#libs/settings/bodies/webhook.ts";
import {
  ChangePreconditions,
  listOf,
  NoContent,
  Preconditions,
  strict,
} from "../openapi/answers.ts";
import { CHANGING, DELETING, PUTTING } from "./refusals.ts";
import {
  AccountParams,
  adminOperation,
  givenBody,
  itemParams,
  shownExample,
  shownMembers,
  shownSetting,
} from "./schemas.ts";

const given = { url: "https://hooks.acme.example/messages", label: "Web shop" };
const since = "2026-11-01T09:30:00.000Z";
const name = "shop";
const body = {
  ...given,
  enabled: true,
  format: "native",
  type: "CADR",
  secretChangedAt: since,
  createdAt: since,
  hasAuthorization: false,
};
const secret = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oDC2FVsBQIhrs=";

const { url, enabled, format, type, label, secretChangedAt, createdAt } = WebhookBody.properties;
const hasAuthorization = Type.Boolean({
  description: "Whether an `Authorization` header is sent.",
});
const shown = { url, enabled, format, type, label, secretChangedAt, createdAt, hasAuthorization };
const Shown = shownSetting("Webhook", Type.Object(shown), { name, body });
const Secret = Type.String({
  description: "What signs its notifications, as Standard Webhooks say. Shown this once.",
});
const secretExample = { ...shownExample({ name, body }), secret };
const WithSecret: TSchema = Type.Object(
  { ...shownMembers(shown), secret: Secret },
  { ...strict, description: "Keep its secret.", examples: [secretExample] },
);

const readOnly = (schema: TSchema) => Type.Optional(Type.Unsafe({ ...schema, readOnly: true }));
/** A webhook can be put as it was read. */
const Given = givenBody(
  Type.Object({
    ...NewWebhook.properties,
    secretChangedAt: readOnly(secretChangedAt),
    createdAt: readOnly(createdAt),
    hasAuthorization: readOnly(hasAuthorization),
  }),
  given,
);

const operation = (id: string, summary: string) => adminOperation("Webhooks", id, summary);
const item = { params: itemParams(name) };

export const listWebhooks = {
  ...operation("listWebhooks", "List webhooks"),
  params: AccountParams,
  response: { 200: listOf(Shown, shownExample({ name, body })) },
  problems: ["not-found"],
} as const;

export const readWebhook = {
  ...operation("getWebhook", "Show a webhook"),
  ...item,
  response: { 200: Shown },
  problems: ["not-found"],
} as const;

export const putWebhook = {
  ...operation("putWebhook", "Make or change a webhook"),
  ...item,
  headers: Preconditions,
  body: Given,
  response: { 200: Shown, 201: WithSecret },
  problems: PUTTING,
} as const;

export const rotateWebhookSecret = {
  ...operation("rotateWebhookSecret", "Give a webhook a new secret; the old one signs for a day"),
  ...item,
  response: { 200: WithSecret },
  problems: CHANGING,
} as const;

export const removeWebhook = {
  ...operation("deleteWebhook", "Delete a webhook"),
  ...item,
  headers: ChangePreconditions,
  response: { 204: NoContent },
  problems: DELETING,
} as const;

export const readCallbackSecret = {
  ...operation("getCallbackSecret", "Show what signs the posts to messages' own callback URLs"),
  params: AccountParams,
  response: {
    200: Type.Object(
      { secret: Type.String() },
      { ...strict, description: "The account's own secret.", examples: [{ secret }] },
    ),
  },
  problems: ["not-found"],
} as const;
