// The document of the routes of messages. Bodies are read by the handlers with the same schemas: a
// batch judges each of its messages by itself, and a key for idempotency covers the body as it came.
import { type TObject, type TProperties, Type } from "typebox";
import { BatchBody, CancelBody, SendBody } from "#libs/dialects/native/send/body.ts";
import { Faults, strict } from "../openapi/answers.ts";
import { OUTCOMES } from "./list-query.ts";
import { ID } from "./message-examples.ts";
import { Message, MessageStory } from "./message-schemas.ts";
import { SEND_REFUSALS } from "./send-refusals.ts";

const BATCH_ID = "0f6a2c1e-8d40-8b57-9c3e-5a1d7e220002";
const tags = ["Messages"] as const;
const batches = ["Batches"] as const;
const text = Type.Optional(Type.String());

const MessageParams = Type.Object({ id: Type.String({ examples: [ID] }) });
const BatchParams = Type.Object({ batchId: Type.String({ examples: [BATCH_ID] }) });
const SendHeaders = Type.Object({
  "idempotency-key": Type.Optional(
    Type.String({ description: "For 24 h the same key and body lead to the same message." }),
  ),
});

export const Warnings = Type.Array(
  Type.Object(
    { code: Type.String(), path: Type.String(), detail: Type.String() },
    { ...strict, title: "Warning" },
  ),
);
const ITEM_REFUSALS = [...SEND_REFUSALS, "duplicate-client-message-id"] as const;
const ItemProblem = Type.Object(
  {
    code: Type.Enum(ITEM_REFUSALS),
    detail: Type.String({ description: "What to do about it." }),
    faults: Faults,
  },
  { ...strict, title: "ItemProblem" },
);
const BatchItem = Type.Object(
  {
    messageId: text,
    clientMessageId: text,
    warnings: Type.Optional(Warnings),
    problem: Type.Optional(ItemProblem),
  },
  {
    ...strict,
    title: "BatchItem",
    description: "A message that is accepted, or the problem with it.",
  },
);

const hello = {
  recipient: { msisdn: "+6591234567" },
  content: { text: "Your order is on its way." },
  steps: [
    { channel: "whatsapp", waitSeconds: 60, wanted: "READ" },
    { channel: "viber", waitSeconds: 60 },
    { channel: "sms" },
  ],
  clientMessageId: "order-1701",
};
const { recipient: _recipient, clientMessageId: _own, ...template } = hello;
const batch = {
  template,
  messages: [{ recipient: hello.recipient }, { recipient: { msisdn: "+6591234568" } }],
  clientBatchId: "orders-17",
};

export const sendMessage = {
  operationId: "sendMessage",
  summary: "Send a message",
  tags,
  headers: SendHeaders,
  body: { ...SendBody, examples: [hello] },
  response: {
    202: answer(
      "It is accepted: Kafka has it.",
      { messageId: Type.String(), clientMessageId: text, warnings: Warnings },
      { messageId: ID, clientMessageId: "order-1701", warnings: [] },
    ),
  },
  problems: [...SEND_REFUSALS, "idempotency-key-reused", "unavailable"] as const,
};

export const sendBatch = {
  operationId: "sendBatch",
  summary: "Send up to 10,000 messages, each judged by itself",
  tags: batches,
  headers: SendHeaders,
  body: { ...BatchBody, examples: [batch] },
  response: {
    202: answer(
      "Those without a problem are accepted: Kafka has them.",
      {
        batchId: Type.String(),
        clientBatchId: text,
        acceptedCount: Type.Integer(),
        rejectedCount: Type.Integer(),
        messages: Type.Array(BatchItem, { description: "In the request's order." }),
      },
      {
        batchId: BATCH_ID,
        clientBatchId: "orders-17",
        acceptedCount: 1,
        rejectedCount: 1,
        messages: [
          { messageId: ID, warnings: [] },
          { problem: { code: "no-recipient", detail: "/recipient needs an address." } },
        ],
      },
    ),
  },
  problems: ["idempotency-key-reused", "unavailable"] as const,
};

export const cancelMessage = {
  operationId: "cancelMessage",
  summary: "Cancel a message: nothing that has not started will start",
  tags,
  params: MessageParams,
  body: { ...CancelBody, examples: [{ reason: "The order was cancelled." }] },
  response: {
    200: answer(
      "It has ended.",
      {
        messageId: Type.String(),
        canceled: Type.Boolean(),
        outcome: Type.Optional(Type.Enum(OUTCOMES)),
      },
      { messageId: ID, canceled: true, outcome: "CANCELED" },
    ),
  },
  problems: ["not-found", "ended", "unavailable"] as const,
};

export const cancelBatch = {
  operationId: "cancelBatch",
  summary: "Cancel whatever of a batch has not ended",
  tags: batches,
  params: BatchParams,
  body: { ...CancelBody, examples: [{ reason: "Wrong text." }] },
  response: {
    200: answer(
      "They have ended.",
      { batchId: Type.String(), canceledCount: Type.Integer() },
      { batchId: BATCH_ID, canceledCount: 2 },
    ),
  },
  problems: ["not-found", "unavailable"] as const,
};

export const readMessage = {
  operationId: "getMessage",
  summary: "Show a message, with every attempt and why it went as it did",
  tags,
  params: MessageParams,
  response: { 200: Message },
  problems: ["not-found", "unavailable"] as const,
};

export const readStory = {
  operationId: "getStory",
  summary: "Tell where a message stands, and why",
  tags,
  params: MessageParams,
  response: { 200: MessageStory },
  problems: ["not-found", "unavailable"] as const,
};

function answer<Members extends TProperties>(
  description: string,
  members: Members,
  example: object,
): TObject<Members> {
  return Type.Object(members, { ...strict, description, examples: [example] });
}
