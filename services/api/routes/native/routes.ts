// The native API: messages with their whole story, and the settings.
import type { FastifyInstance } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../authenticate.ts";
import { admitAdmin, admitSender } from "./admit.ts";
import { messageView } from "./message-view.ts";
import { listRoute } from "./messages/list-route.ts";
import { answerProblem, Problem } from "./problem.ts";
import { settingsRoutes } from "./settings/routes.ts";
import { compileValidator } from "./validate.ts";
import { withoutNulls } from "./without-nulls.ts";

export function nativeRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) =>
      answerProblem(error, request, reply, deps.log),
    );
    server.setValidatorCompiler(compileValidator);
    server.register(messageRoutes(deps), { prefix: "/messages" });
    server.register(async (settings) => {
      settings.addHook("onRequest", async (request) => admitAdmin(request, deps.settings));
      settings.register(settingsRoutes(deps));
    });
  };
}

function messageRoutes({ settings, find, list }: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => admitSender(request, settings));
    server.register(listRoute({ list }));
    server.get<{ Params: { id: string } }>("/:id", async (request) => {
      const account = callerOf(request);
      const message = await find(request.params.id, account);
      if (message) return messageView(message, account);
      throw new Problem("not-found", "This account has no message with that id.");
    });
  };
}
