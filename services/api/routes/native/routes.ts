// The native API: messages with their whole story, and the settings.
import type { FastifyInstance } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../authenticate.ts";
import { admitAdmin, admitSender } from "./admit.ts";
import { messageView, storyAnswer } from "./message-view.ts";
import { batchCancelRoutes, cancelRoutes, unknownMessage } from "./messages/cancel-routes.ts";
import { sendRoutes } from "./messages/send-routes.ts";
import { answerProblem } from "./problem.ts";
import { rehearsalRoutes } from "./rehearsals/routes.ts";
import { settingsRoutes } from "./settings/routes.ts";
import { withoutNulls } from "./without-nulls.ts";

export function nativeRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) =>
      answerProblem(error, request, reply, deps.log),
    );
    server.register(messageRoutes(deps), { prefix: "/messages" });
    server.register(batchRoutes(deps), { prefix: "/batches" });
    server.register(rehearsalRoutes(deps), { prefix: "/rehearsals" });
    server.register(async (settings) => {
      settings.addHook("onRequest", async (request) => admitAdmin(request, deps.settings));
      settings.register(settingsRoutes(deps));
    });
  };
}

function messageRoutes(deps: ApiDeps) {
  const { settings, find } = deps;
  return async (server: FastifyInstance): Promise<void> => {
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => admitSender(request, settings));
    server.register(sendRoutes(deps));
    server.register(cancelRoutes(deps));
    server.get<{ Params: { id: string } }>("/:id", async (request) => {
      const account = callerOf(request);
      const message = await find(request.params.id, account);
      if (message) return messageView(message, account);
      throw unknownMessage();
    });
    server.get<{ Params: { id: string } }>("/:id/story", async (request) => {
      const message = await find(request.params.id, callerOf(request));
      if (message) return storyAnswer(message);
      throw unknownMessage();
    });
  };
}

function batchRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => admitSender(request, deps.settings));
    server.register(batchCancelRoutes(deps));
  };
}
