// 8x8's Messaging API: its paths, and its error body for whatever goes wrong.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { errorBody, Refusal } from "#libs/dialects/8x8/refusal.ts";
import type { HttpFault } from "#libs/http/http-fault.ts";
import { loggedUrl } from "#libs/http/logged-url.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { messageRoutes } from "./message-routes.ts";
import { refusalOf, toRefusal } from "./to-refusal.ts";
import { unservedRoutes } from "./unserved-operations.ts";
import { webhookRoutes } from "./webhook-routes.ts";

export function eightByEightRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) =>
      answerRefusal(error, { request, reply, deps }),
    );
    server.register(servedRoutes(deps), { prefix: "/api/v1" });
    server.register(unservedRoutes(deps));
  };
}

function servedRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setNotFoundHandler((request, reply) =>
      answerRefusal(new Refusal(1300, "there is no such path."), { request, reply, deps }),
    );
    server.register(messageRoutes(deps), { prefix: "/subaccounts/:subAccountId/messages" });
    server.register(webhookRoutes(deps), { prefix: "/accounts/:accountId/webhooks" });
  };
}

/** For what is no request yet, or no more. */
export function describeRefusal(fault: HttpFault) {
  return {
    type: "application/json; charset=utf-8",
    body: JSON.stringify(errorBody(refusalOf(fault))),
  };
}

type Exchange = { request: FastifyRequest; reply: FastifyReply; deps: ApiDeps };

/** Answers whatever went wrong; faults of ours are logged and say nothing about themselves. */
export function answerRefusal(error: unknown, { request, reply, deps }: Exchange): FastifyReply {
  const refusal = toRefusal(error, request);
  const body = errorBody(refusal);
  if (refusal.status >= 500) {
    const { errorId } = body;
    deps.log.error({ err: error, errorId, url: loggedUrl(request) }, "request failed");
  }
  if (refusal.status === 401) reply.header("www-authenticate", "Bearer");
  if (refusal.status === 503) reply.header("retry-after", "2");
  return reply.status(refusal.status).send(body);
}
