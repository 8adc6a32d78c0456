// The native API: messages with their whole story, and the settings.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../authenticate.ts";
import { admitAdmin, admitSender } from "./admit.ts";
import { messageView } from "./message-view.ts";
import { listRoute } from "./messages/list-route.ts";
import { Message, MessageParams } from "./messages/message-schemas.ts";
import { documentRoutes } from "./openapi/document.ts";
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
    server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
    await documentRoutes(server);
    server.register(async (settings) => {
      settings.addHook("onRequest", async (request) => admitAdmin(request, deps.settings));
      settings.register(settingsRoutes(deps));
    });
    server.register(messageRoutes(deps), { prefix: "/messages" });
  };
}

const readSchema = {
  operationId: "getMessage",
  summary: "A message, with every attempt and why it went as it did",
  tags: ["Messages"],
  params: MessageParams,
  response: { 200: Message },
};

function messageRoutes({ settings, find, list }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => admitSender(request, settings));
    server.register(listRoute({ list }));
    server.get("/:messageId", { schema: readSchema }, async (request) => {
      const account = callerOf(request);
      const message = await find(request.params.messageId, account);
      if (message) return messageView(message, account);
      throw new Problem("not-found", "This account has no message with that id.");
    });
  };
}
