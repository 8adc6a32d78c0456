// Webhooks: where an account hears of its messages.
import { type Static, Type } from "typebox";
import { dialectNames } from "#libs/dialects/names.ts";
import { Instant, strict, Title } from "./members.ts";

/** Enough for every page of a vendor's registration form; browsers take no more either. */
export const WEBHOOK_URL_LENGTH_MAX = 2_000;
/** A user or password in the URL would be kept in clear; `authorization` is there for that. */
export const WEBHOOK_URL = /^https?:\/\/[^\s/?#@]+([/?#]\S*)?$/;
/** No control characters: it becomes a header. */
export const AUTHORIZATION = /^[\x21-\x7e]([\x20-\x7e]{0,2046}[\x21-\x7e])?$/;
/** 8x8's: delivery receipts, incoming messages, button clicks. Only CADR gets anything from us. */
export const webhookTypes = ["CADR", "MSG", "CABM"] as const;
const webhookMembers = {
  url: Type.String({ pattern: WEBHOOK_URL.source, maxLength: WEBHOOK_URL_LENGTH_MAX }),
  enabled: Type.Boolean({ default: true }),
  format: Type.Enum(dialectNames, { default: "native" }),
  type: Type.Enum(webhookTypes, { default: "CADR" }),
  label: Type.Optional(Title),
};

/** What a caller says of a webhook. */
export const NewWebhook = Type.Object(
  {
    ...webhookMembers,
    // Sent as the `Authorization` header. Absent: as before; null: none.
    authorization: Type.Optional(
      Type.Union([Type.String({ pattern: AUTHORIZATION.source }), Type.Null()]),
    ),
  },
  strict,
);

/** Secrets are sealed: `libs/webhooks/sealing.ts`. */
export const WebhookBody = Type.Object(
  {
    ...webhookMembers,
    sealedSecret: Type.String(),
    // Signs beside the new one for a day after `secretChangedAt`.
    previousSealedSecret: Type.Optional(Type.String()),
    secretChangedAt: Instant,
    sealedAuthorization: Type.Optional(Type.String()),
    // In place of an authorization: what access tokens are asked for with.
    sealedOauth: Type.Optional(Type.String()),
    // What happened before is not told.
    createdAt: Instant,
  },
  strict,
);

export type WebhookSetting = Static<typeof WebhookBody>;
