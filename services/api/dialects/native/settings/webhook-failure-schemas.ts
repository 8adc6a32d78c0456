// What the routes of notifications that were given up take and answer.
import { type TSchema, Type } from "typebox";
import { Instant, strict } from "../openapi/answers.ts";
import { AccountParams, adminOperation } from "./schemas.ts";

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;
/** An account has 10,000 dead letters at most. */
const OFFSET_MAX = 10_000;

const id = "5f0c2b9e41d7a836";

const Page = Type.Object(
  {
    limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
    cursor: Type.Integer({
      minimum: 0,
      maximum: OFFSET_MAX,
      default: 0,
      description: "`nextCursor` of the page before.",
    }),
  },
  strict,
);

const Failure = Type.Object(
  {
    id: Type.String(),
    notificationId: Type.String({ description: "Its `webhook-id`, the same for every try." }),
    messageId: Type.String(),
    webhook: Type.Optional(Type.String({ description: "The webhook that it was for." })),
    url: Type.Optional(Type.String({ description: "The message's own callback URL, instead." })),
    type: Type.String({ description: "What it tells of." }),
    reason: Type.String({ description: "Why the last try failed." }),
    body: Type.String({ description: "What was posted." }),
    queuedAt: Instant,
    diedAt: Instant,
  },
  { ...strict, title: "WebhookFailure" },
);
const failure = {
  id,
  notificationId: "7c1f2d7e-6a0f-4d8b-9f60-3c3a7a8c1d55-3",
  messageId: "7c1f2d7e-6a0f-4d8b-9f60-3c3a7a8c1d55",
  webhook: "shop",
  type: "message.ended",
  reason: "It answered 410: gone for good.",
  body: '{"type":"message.ended"}',
  queuedAt: "2026-11-21T12:01:01.400Z",
  diedAt: "2026-11-21T12:01:01.600Z",
};

const FailurePage: TSchema = Type.Object(
  { items: Type.Array(Failure), nextCursor: Type.Optional(Type.String()) },
  {
    ...strict,
    description: "They are kept for 30 days, 10,000 of them at most.",
    examples: [{ items: [failure] }],
  },
);

const operation = (name: string, summary: string) => adminOperation("Webhooks", name, summary);

export const listFailures = {
  ...operation("listWebhookFailures", "List notifications that were given up, newest first"),
  params: AccountParams,
  querystring: Page,
  response: { 200: FailurePage },
  problems: ["not-found", "unavailable"],
} as const;

export const replayFailure = {
  ...operation("replayWebhookFailure", "Post one again, with all its retries"),
  params: Type.Object({
    ...AccountParams.properties,
    failureId: Type.String({ minLength: 1, maxLength: 200, examples: [id] }),
  }),
  response: {
    200: Type.Object(
      { id: Type.String() },
      { ...strict, description: "It is queued.", examples: [{ id }] },
    ),
  },
  problems: ["not-found", "too-many", "unavailable"],
} as const;

export const replayFailures = {
  ...operation("replayWebhookFailures", "Post the oldest 1,000 again"),
  params: AccountParams,
  response: {
    200: Type.Object(
      {
        replayedCount: Type.Integer({ minimum: 0 }),
        remainingCount: Type.Integer({ minimum: 0, description: "Ask again for these." }),
      },
      {
        ...strict,
        description: "They are queued.",
        examples: [{ replayedCount: 12, remainingCount: 0 }],
      },
    ),
  },
  problems: ["not-found", "unavailable"],
} as const;
