// `POST /messages` and `POST /messages/batch`. Both answer 202 once Kafka has all that they accept.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BATCH_BYTES_MAX } from "#libs/contracts/limits.ts";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { callerOf } from "../../../authenticate.ts";
import { newBatchId } from "../../../batch-ids.ts";
import { takeAsGiven } from "../validate.ts";
import { once } from "./once.ts";
import { sendBatch as sendBatchSchema, sendMessage } from "./operations.ts";
import { parseBatch, parseMessages } from "./parse-batch.ts";
import { parseSend } from "./parse-send.ts";

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
        const answer = await send({ request, reply }, deps);
        reply.status(202).header("location", `${prefix}/${answer.messageId}`);
        return answer;
      },
    );
    server.post("/batch", batchOptions, async (request, reply) => {
      const answer = await sendBatch({ request, reply }, deps);
      reply.status(202).header("location", `${prefix}?batchId=${answer.batchId}`);
      return answer;
    });
  };
}

async function send(exchange: Exchange, { accept, idempotencyKeys }: SendDeps) {
  const { request } = exchange;
  const account = callerOf(request);
  const parsed = await once(idempotencyKeys, exchange, {
    newId: randomUUID,
    parts: () => [request.body],
    parse: ({ id, at }) => parseSend(request.body, { account, messageId: id, now: at }),
  });
  await accept([parsed.request], traceHeaders(request.headers));
  const { messageId, clientMessageId } = parsed.request;
  return { messageId, clientMessageId, warnings: parsed.warnings };
}

async function sendBatch(exchange: Exchange, { accept, idempotencyKeys }: SendDeps) {
  const { request } = exchange;
  const account = callerOf(request);
  const given = parseBatch(request.body);
  const { batchId, requests, answers } = await once(idempotencyKeys, exchange, {
    newId: () => newBatchId(given.messages.length),
    parts: () => given.parts,
    parse: ({ id, at }) => parseMessages(given, { batchId: id, account, now: at }),
  });
  await accept(requests, traceHeaders(request.headers));
  return {
    batchId,
    clientBatchId: given.head.clientBatchId,
    acceptedCount: requests.length,
    rejectedCount: answers.length - requests.length,
    messages: answers,
  };
}
