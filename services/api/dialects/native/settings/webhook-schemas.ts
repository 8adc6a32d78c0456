// What the routes of webhooks take and answer.
import { type TSchema, Type } from "typebox";
import { NewWebhook, WebhookBody } from "#libs/settings/bodies/webhook.ts";
import {
  ChangePreconditions,
  Instant,
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
const delivery = Type.Optional(
  Type.Object(
    {
      waitingCount: Type.Integer({
        minimum: 0,
        description: "Messages of which a notification waits, at first or to be tried again.",
      }),
      givenUpCount: Type.Integer({
        minimum: 0,
        description: "Notifications in `webhook-failures`.",
      }),
      failing: Type.Optional(
        Type.Object(
          { since: Instant, lastAt: Instant, reason: Type.String() },
          {
            ...strict,
            description:
              "The first and the last try since one was taken, and why that failed. Absent: the last one was taken.",
          },
        ),
      ),
    },
    { ...strict, description: "How it takes what it is told; absent while nobody knows it." },
  ),
);
const configured = { url, enabled, format, type, label, secretChangedAt, createdAt };
const shown = { ...configured, hasAuthorization, delivery };
const failing = { since, lastAt: "2026-11-01T10:02:11.000Z", reason: "It answered 503." };
const delivered = { ...body, delivery: { waitingCount: 12, givenUpCount: 0, failing } };
const Shown = shownSetting("Webhook", Type.Object(shown), { name, body: delivered });
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
    delivery: readOnly(delivery),
  }),
  given,
);

const operation = (id: string, summary: string) => adminOperation("Webhooks", id, summary);
const item = { params: itemParams(name) };

export const listWebhooks = {
  ...operation("listWebhooks", "List webhooks"),
  params: AccountParams,
  response: { 200: listOf(Shown, shownExample({ name, body: delivered })) },
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
