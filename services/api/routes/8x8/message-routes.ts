// The paths of a sub-account's messages.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { BATCH_BYTES_MAX } from "#libs/contracts/limits.ts";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../authenticate.ts";
import { messageIdsOf } from "../../batch-ids.ts";
import { authorise, type SubAccountParams } from "./authorise.ts";
import { messageRows } from "./message-rows.ts";
import { parseSend } from "./parse-send.ts";
import { Refusal } from "./refusal.ts";
import { sendBatch } from "./send-batch.ts";
import { sentAnswer } from "./sent-answer.ts";
import { WARNINGS_HEADER } from "./ttl-warnings.ts";

type MessageParams = SubAccountParams & { umid: string };
type BatchParams = SubAccountParams & { batchId: string };

export function messageRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // Before the body is read: a stranger makes us parse nothing.
    server.addHook<{ Params: SubAccountParams }>("onRequest", async (request) => {
      authorise(request, deps.settings);
      // Clients name the type of a body also where they send none, as in a cancel.
      if (request.method === "DELETE") delete request.headers["content-type"];
    });
    server.post("/", (request, reply) => send(request, reply, deps));
    server.post("/batch", { bodyLimit: BATCH_BYTES_MAX }, (request) => sendBatch(request, deps));
    server.get<{ Params: MessageParams }>("/:umid", (request) => read(request, deps));
    server.delete<{ Params: MessageParams }>("/:umid", (request) =>
      cancel(request, [request.params.umid], deps),
    );
    server.delete<{ Params: BatchParams }>("/batch/:batchId", (request) =>
      cancel(request, messageIdsOf(request.params.batchId) ?? [], deps),
    );
    server.route({ method: ["GET", "DELETE"], url: "/", handler: refuseWith(3029) });
    server.all("/exports", refuseWith(2001));
    server.all("/exports/:jobId", refuseWith(2001));
  };
}

function refuseWith(code: 2001 | 3029) {
  return async (): Promise<never> => {
    throw new Refusal(code);
  };
}

async function send(request: FastifyRequest, reply: FastifyReply, { accept }: ApiDeps) {
  const now = Date.now();
  const parsed = parseSend(request.body, { account: callerOf(request), now });
  if ("refusal" in parsed) throw parsed.refusal;
  const message = { ...parsed.message, messageId: randomUUID() };
  await accept([message], traceHeaders(request.headers));
  const { warnings } = parsed;
  if (warnings.length > 0) reply.header(WARNINGS_HEADER, JSON.stringify(warnings));
  return sentAnswer(message, now);
}

async function read(request: FastifyRequest<{ Params: MessageParams }>, { find }: ApiDeps) {
  const account = callerOf(request);
  const message = await find(request.params.umid, account);
  if (!message) throw new Refusal(1300);
  return { data: messageRows(message, account) };
}

/** Beyond 8x8, whose cancel is for scheduled messages: what runs starts no further step. */
async function cancel(request: FastifyRequest, messageIds: string[], deps: ApiDeps) {
  const headers = traceHeaders(request.headers);
  const cancellation = { account: callerOf(request), reason: null, headers };
  const found = await deps.cancel(messageIds, cancellation);
  if (found.length === 0) throw new Refusal(1300);
  const cancelled = found.filter(
    ({ wasOpen, entry }) => wasOpen && entry.state.outcome === "CANCELED",
  );
  return { cancelledCount: cancelled.length };
}
