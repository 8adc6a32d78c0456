// Messages in the document: as `messageView` and `messageSummary` show them. What does not apply is
// left out, so most members are optional.
import { type TSchema, Type } from "typebox";
import { channels } from "#libs/contracts/topics.ts";
import { Instant, strict } from "../openapi/answers.ts";
import { OUTCOMES, PHASES } from "./list-query.ts";
import { messageExample, storyExample, summaryExample } from "./message-examples.ts";
import { channel, count, instant, text } from "./optional-members.ts";
import { Charge, Story } from "./story-schemas.ts";

export const ATTEMPT_STATUSES = [
  "ACCEPTED",
  "SENT",
  "DELIVERED",
  "READ",
  "REJECTED",
  "FAILED",
  "UNDELIVERED",
  "EXPIRED",
];

export const Cost = Type.Object(
  {
    amount: Type.Integer({ description: "In 1/10,000 of the currency." }),
    currency: Type.String({ description: "ISO 4217." }),
  },
  {
    ...strict,
    title: "Cost",
    description: "An estimate by the account's price list of today.",
  },
);

const word = {
  phase: Type.Enum(PHASES),
  outcome: Type.Optional(
    Type.Enum(OUTCOMES, { description: "The final word; absent while the message is open." }),
  ),
};

const recipient = {
  msisdn: Type.Optional(Type.String({ description: "Masked." })),
  idsOn: Type.Array(Type.Enum(channels), {
    description: "Channels on which the request named an id.",
  }),
};
const Recipient = Type.Object(recipient, strict);

const standing = {
  messageId: Type.String(),
  clientMessageId: text,
  ...word,
  revision: Type.Integer({ description: "Rises when late news amends the outcome; 0: open." }),
  duplicate: Type.Boolean({ description: "Two attempts reached the recipient." }),
  lateSuccess: Type.Boolean({
    description: "An attempt that had been left got through after all.",
  }),
  recipient: Recipient,
  requestedAt: Instant,
};

const Summary = Type.Object(
  {
    ...standing,
    batchId: text,
    channel: Type.Optional(
      Type.Enum(channels, { description: "The one that got through, else the one being tried." }),
    ),
    attemptCount: Type.Integer({ minimum: 0 }),
    endedAt: instant,
  },
  { ...strict, title: "MessageSummary" },
);

export const MessagePage: TSchema = Type.Object(
  {
    items: Type.Array(Summary),
    nextCursor: Type.Optional(
      Type.String({ description: "Absent: there is nothing more. A page may be short before." }),
    ),
  },
  { ...strict, description: "Newest first.", examples: [{ items: [summaryExample] }] },
);

const Step = Type.Object(
  {
    channel: Type.Enum(channels),
    sender: text,
    waitMs: Type.Optional(Type.Integer({ description: "Absent: only a report ends the step." })),
    wanted: Type.String({ description: "What counts as success." }),
    onFailure: Type.Enum(["NEXT", "STOP"]),
    ttlSeconds: Type.Optional(
      Type.Integer({ description: "How long the provider may go on trying." }),
    ),
    recipient: Type.Optional(
      Type.Object(recipient, { ...strict, description: "Absent: the message's recipient." }),
    ),
    clientMessageId: Type.Optional(Type.String({ description: "Absent: the message's." })),
  },
  { ...strict, title: "Step" },
);

const Attempt = Type.Object(
  {
    attemptIndex: Type.Integer({ minimum: 0 }),
    channel,
    startedAt: Instant,
    deadlineAt: Instant,
    status: Type.Optional(
      Type.Enum(ATTEMPT_STATUSES, { description: "The furthest word on it; absent: none came." }),
    ),
    endedAt: instant,
    errorCode: Type.Optional(Type.String({ description: "The provider's own." })),
    errorClass: text,
    provider: Type.Optional(
      Type.String({
        description: "Who carries it: `simulated-sms`, or `<provider>.<guid>` of a connection.",
      }),
    ),
    providerMessageId: text,
    segmentCount: count,
    cost: Type.Optional(Cost),
    charge: Type.Optional(Charge),
  },
  { ...strict, title: "Attempt" },
);

export const MessageStory: TSchema = Type.Object(
  { messageId: Type.String(), ...word, story: Story },
  { ...strict, title: "Story", description: "Where it stands, and why.", examples: [storyExample] },
);

export const Message: TSchema = Type.Object(
  {
    ...standing,
    accountId: Type.String(),
    contentType: Type.String(),
    flowId: text,
    purpose: Type.String(),
    batchId: text,
    clientBatchId: text,
    dialect: Type.String({ description: "The API that the sender spoke." }),
    scheduledAt: instant,
    expiresAt: instant,
    steps: Type.Array(Step),
    cost: Type.Optional(Cost),
    extraCost: Type.Optional(Cost),
    attempts: Type.Array(Attempt),
    story: Story,
  },
  { ...strict, title: "Message", description: "Where it stands.", examples: [messageExample] },
);
