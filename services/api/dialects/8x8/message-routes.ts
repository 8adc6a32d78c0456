// The paths of a sub-account's messages.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { BATCH_BYTES_MAX } from "#libs/contracts/limits.ts";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import { messageRows } from "#libs/dialects/8x8/rows/message-rows.ts";
import { parseSend } from "#libs/dialects/8x8/send/parse-send.ts";
import { messageIdsOf } from "#libs/dialects/batch-ids.ts";
import type { Warning } from "#libs/dialects/told-warning.ts";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { readBatchBodies } from "../../http/batch-bodies.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptAndWarn } from "../../messages/accept-and-warn.ts";
import { authorise, type SubAccountParams } from "./authorise.ts";
import { repeatsOf, requestOf, sentOnce } from "./repeats.ts";
import { sendBatch } from "./send-batch.ts";

type MessageParams = { Params: { umid: string } };
type BatchParams = { Params: { batchId: string } };

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function messageRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // Before the body is read: a stranger makes us parse nothing.
    server.addHook<SubAccountParams>("onRequest", async (request) => {
      authorise(request, deps.settings);
    });
    server.post("/", (request) => send(request, deps));
    server.register(async (batches) => {
      readBatchBodies(batches);
      batches.post("/batch", { bodyLimit: BATCH_BYTES_MAX }, (request) => sendBatch(request, deps));
    });
    server.get<MessageParams>("/:umid", (request) => read(request, deps));
    server.delete<MessageParams>("/:umid", (request) =>
      cancel(request, { id: request.params.umid, messageIds: [request.params.umid] }, deps),
    );
    server.delete<BatchParams>("/batch/:batchId", (request) => {
      const { batchId: id } = request.params;
      return cancel(request, { id, messageIds: messageIdsOf(id) ?? [] }, deps);
    });
    server.route({ method: ["GET", "DELETE"], url: "/", handler: refuseWithoutUmid });
  };
}

async function refuseWithoutUmid(): Promise<never> {
  throw new Refusal(3029);
}

async function send(request: FastifyRequest, deps: ApiDeps) {
  const account = callerOf(request);
  const now = Date.now();
  // Nothing is judged again of what was sent before.
  const warnings: Warning[] = [];
  const sent = await sentOnce(request.body, repeatsOf(account, deps, now), () => {
    const parsed = parseSend(request.body, { account, now });
    if ("refusal" in parsed) throw parsed.refusal;
    warnings.push(...parsed.warnings);
    return parsed.message;
  });
  await acceptAndWarn({ request: requestOf(sent), warnings }, request, deps);
  return sent.answer;
}

async function read(request: FastifyRequest<MessageParams>, { find }: ApiDeps) {
  const account = callerOf(request);
  const { umid } = request.params;
  const message = await find(umid, account);
  if (!message) throw unknownId(umid);
  return { data: messageRows(message, account) };
}

/** The id that the client gave, and the messages that it stands for. */
type Cancelled = { id: string; messageIds: string[] };

/** Beyond 8x8, whose cancel is for scheduled messages: what runs starts no further step. */
async function cancel(request: FastifyRequest, { id, messageIds }: Cancelled, deps: ApiDeps) {
  const headers = traceHeaders(request.headers);
  const cancellation = { account: callerOf(request), reason: null, headers };
  const found = await deps.cancel(messageIds, cancellation);
  if (found.length === 0) throw unknownId(id);
  const cancelled = found.filter(
    ({ wasOpen, entry }) => wasOpen && entry.state.outcome === "CANCELED",
  );
  return { cancelledCount: cancelled.length };
}

/** 8x8 tells what cannot be an id from what nothing has; ids that came by Kafka may be anything. */
function unknownId(id: string): Refusal {
  return UUID.test(id) ? new Refusal(1300) : new Refusal(1000, "the id is no UUID.");
}
