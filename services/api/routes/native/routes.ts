// The native API: a message with its whole story.
import type { FastifyInstance } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf, findCaller } from "../../authenticate.ts";
import { messageView } from "./message-view.ts";
import { answerProblem, Problem } from "./problem.ts";
import { withoutNulls } from "./without-nulls.ts";

export function nativeRoutes({ settings, find, log }: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, log));
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => {
      request.account = findCaller(request, settings) ?? null;
      if (!request.account)
        throw new Problem("unauthorized", "Send `Authorization: Bearer <key>`.");
    });
    server.get<{ Params: { id: string } }>("/messages/:id", async (request) => {
      const message = await find(request.params.id, callerOf(request));
      if (message) return messageView(message);
      throw new Problem("not-found", "This account has no message with that id.");
    });
  };
}
