// `POST /messages` and `POST /messages/batch`. Both answer 202 once Kafka has all that they accept.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import { BATCH_BYTES_MAX } from "#libs/contracts/limits.ts";
import { newBatchId, toUuid } from "#libs/dialects/batch-ids.ts";
import {
  type GivenBatch,
  type ParsedBatch,
  parseBatch,
  parseMessages,
  repeatMessages,
} from "#libs/dialects/native/send/parse-batch.ts";
import { parseSend, repeatSend, type Warning } from "#libs/dialects/native/send/parse-send.ts";
import { isObject } from "#libs/json/json-object.ts";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { readBatchBodies } from "../../../http/batch-bodies.ts";
import { callerOf } from "../../../http/caller.ts";
import { warn } from "../../../http/warnings.ts";
import { capWarning } from "../../../messages/accept-and-warn.ts";
import { takeAsGiven } from "../validate.ts";
import { type Identity, once } from "./once.ts";
import { sendBatch as sendBatchSchema, sendMessage } from "./operations.ts";

const batchOptions = {
  schema: sendBatchSchema,
  validatorCompiler: takeAsGiven,
  bodyLimit: BATCH_BYTES_MAX,
};

type Exchange = { request: FastifyRequest; reply: FastifyReply };
type SendDeps = Pick<ApiDeps, "accept" | "idempotencyKeys">;

export function sendRoutes(deps: SendDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    const { prefix } = server;
    server.post(
      "/",
      { schema: sendMessage, validatorCompiler: takeAsGiven },
      async (request, reply) => {
        const { id, answer } = await send({ request, reply }, deps);
        reply.status(202).header("location", `${prefix}/${id}`);
        return answer;
      },
    );
    server.register(async (batches) => {
      readBatchBodies(batches);
      batches.post("/batch", batchOptions, async (request, reply) => {
        const { id, answer } = await sendBatch({ request, reply }, deps);
        reply.status(202).header("location", `${prefix}?batchId=${id}`);
        return answer;
      });
    });
  };
}

async function send(exchange: Exchange, { accept, idempotencyKeys }: SendDeps) {
  const { request } = exchange;
  const account = callerOf(request);
  const contextOf = ({ id, at }: Identity) => ({ account, messageId: id, now: at });
  const { requests, ...sent } = await once(idempotencyKeys, exchange, {
    toId: toUuid,
    parts: () => [request.body],
    parse: (identity) => {
      const { request: message, warnings } = parseSend(request.body, contextOf(identity));
      return { requests: [message], answer: sentAnswer(message, warnings) };
    },
    repeat: (identity) => [repeatSend(request.body, contextOf(identity))],
    schema: sendMessage.response[202],
  });
  const near = await accept(requests, traceHeaders(request.headers));
  return { ...sent, answer: withWarnings(sent.answer, near.map(capWarning)) };
}

function withWarnings(answer: unknown, more: readonly Warning[]): unknown {
  if (more.length === 0 || !isObject(answer)) return answer;
  const { warnings } = answer;
  return { ...answer, warnings: [...(Array.isArray(warnings) ? warnings : []), ...more] };
}

function sentAnswer({ messageId, clientMessageId }: SendRequest, warnings: Warning[]) {
  return { messageId, ...(clientMessageId !== null && { clientMessageId }), warnings };
}

async function sendBatch(exchange: Exchange, deps: SendDeps) {
  const { request } = exchange;
  const account = callerOf(request);
  const given = parseBatch(request.body);
  const contextOf = ({ id, at }: Identity) => ({ batchId: id, account, now: at });
  const { requests, ...sent } = await once(deps.idempotencyKeys, exchange, {
    toId: (bytes) => newBatchId(given.messages.length, bytes),
    parts: () => given.parts,
    parse: async (identity) => batchDone(given, await parseMessages(given, contextOf(identity))),
    repeat: (identity, { messages }) => repeatMessages(given, contextOf(identity), messages),
    schema: sendBatchSchema.response[202],
  });
  const near = await deps.accept(requests, traceHeaders(request.headers));
  // Of the batch as a whole, of which the answer says nothing.
  warn(request, near.map(capWarning));
  return sent;
}

function batchDone(
  { head: { clientBatchId } }: GivenBatch,
  { batchId, requests, answers }: ParsedBatch,
) {
  const answer = {
    batchId,
    ...(clientBatchId !== undefined && { clientBatchId }),
    acceptedCount: requests.length,
    rejectedCount: answers.length - requests.length,
    messages: answers,
  };
  return { requests, answer };
}
