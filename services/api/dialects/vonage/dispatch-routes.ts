// `POST /v0.1/dispatch`; Vonage's page has it with a slash at its end.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { parseDispatch } from "#libs/dialects/vonage/dispatch/request/parse-dispatch.ts";
import { newMessageUuid, workflowIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptAndWarn } from "../../messages/accept-and-warn.ts";
import { admit } from "./admit.ts";

const PATH = "/v0.1/dispatch";

export function isDispatchPath(path: string): boolean {
  return path === PATH || path.startsWith(`${PATH}/`);
}

export function dispatchRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // Before the body is read: a stranger makes us parse nothing.
    server.addHook("onRequest", async (request) => admit(request, deps));
    for (const path of [PATH, `${PATH}/`]) {
      server.post(path, async (request, reply) => dispatch(request, reply, deps));
    }
  };
}

async function dispatch(request: FastifyRequest, reply: FastifyReply, deps: ApiDeps) {
  const messageId = newMessageUuid();
  const sending = { account: callerOf(request), messageId, now: Date.now(), flowId: null };
  await acceptAndWarn(parseDispatch(request.body, sending), request, deps);
  reply.status(202);
  return { dispatch_uuid: workflowIdOf(messageId) };
}
