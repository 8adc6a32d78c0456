// `POST /v1/messages` and `PATCH /v1/messages/{uuid}`.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { VonageError } from "#libs/dialects/vonage/api-error.ts";
import { messageIdOf, newMessageUuid } from "#libs/dialects/vonage/message-uuids.ts";
import { parseSend } from "#libs/dialects/vonage/messages/parse-send.ts";
import { cannotBecome, parseUpdate } from "#libs/dialects/vonage/messages/parse-update.ts";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptAndWarn } from "../../messages/accept-and-warn.ts";

const PATH = "/v1/messages";
/** Vonage's SDKs read nothing of the answer to an update. */
type Updating = { Params: { uuid: string } };

export function messageRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.post(PATH, async (request, reply) => send(request, reply, deps));
    server.patch<Updating>(`${PATH}/:uuid`, async (request) => update(request, deps));
  };
}

async function send(request: FastifyRequest, reply: FastifyReply, deps: ApiDeps) {
  const messageId = newMessageUuid();
  const sending = { account: callerOf(request), messageId, now: Date.now(), flowId: null };
  const parsed = parseSend(request.body, sending);
  await acceptAndWarn(parsed, request, deps);
  reply.status(202);
  return parsed.answer;
}

async function update(request: FastifyRequest<Updating>, deps: ApiDeps): Promise<object> {
  const { status } = parseUpdate(request.body);
  const messageId = messageIdOf(request.params.uuid);
  await (status === "revoked"
    ? revoke(messageId, request, deps)
    : markRead(messageId, request, deps));
  return {};
}

/** What was revoked before is so again. */
async function revoke(messageId: string, request: FastifyRequest, { cancel }: ApiDeps) {
  const headers = traceHeaders(request.headers);
  const cancellation = { account: callerOf(request), reason: "revoked", headers };
  const [message] = await cancel([messageId], cancellation);
  if (!message) throw new VonageError("not-found");
  if (message.entry.state.outcome === "CANCELED") return;
  throw cannotBecome("cannot be revoked: the message has ended");
}

/** Only what a person wrote can be read by its receiver, and nothing of that comes here. */
async function markRead(messageId: string, request: FastifyRequest, { find }: ApiDeps) {
  const message = await find(messageId, callerOf(request));
  if (!message) throw new VonageError("not-found");
  throw cannotBecome("can be read of an inbound message only");
}
