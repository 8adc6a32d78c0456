// The native API: messages with their whole story, and the settings.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyInstance } from "fastify";
import { messageView, storyAnswer } from "#libs/dialects/native/message-view.ts";
import { withoutNulls } from "#libs/without-nulls.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../http/caller.ts";
import { admitAdmin, admitSender } from "./admit.ts";
import { deadLetterRoutes } from "./dead-letters/routes.ts";
import { batchCancelRoutes, cancelRoutes, unknownMessage } from "./messages/cancel-routes.ts";
import { listRoute } from "./messages/list-route.ts";
import { readMessage, readStory } from "./messages/operations.ts";
import { sendRoutes } from "./messages/send-routes.ts";
import { documentRoutes } from "./openapi/document.ts";
import { rehearsalRoutes } from "./rehearsals/routes.ts";
import { settingsRoutes } from "./settings/routes.ts";
import { compileValidator } from "./validate.ts";

export const NATIVE_PATH = "/ft/v1";

export function nativeRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.register(routesBelow(deps), { prefix: NATIVE_PATH });
  };
}

function routesBelow(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setValidatorCompiler(compileValidator);
    server.setSerializerCompiler(() => (answer) => JSON.stringify(answer));
    await documentRoutes(server);
    server.register(async (settings) => {
      settings.addHook("onRequest", async (request) => admitAdmin(request, deps.settings));
      settings.register(settingsRoutes(deps));
      settings.register(deadLetterRoutes(deps), { prefix: "/dead-letters" });
    });
    server.register(messageRoutes(deps), { prefix: "/messages" });
    server.register(batchRoutes(deps), { prefix: "/batches" });
    server.register(rehearsalRoutes(deps), { prefix: "/rehearsals" });
  };
}

function messageRoutes(deps: ApiDeps) {
  const { settings } = deps;
  return async (server: FastifyInstance): Promise<void> => {
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => admitSender(request, settings));
    server.register(sendRoutes(deps));
    server.register(readRoutes(deps));
    server.register(listRoute(deps));
    server.register(cancelRoutes(deps));
  };
}

function readRoutes({ find }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get("/:id", { schema: readMessage }, async (request) => {
      const account = callerOf(request);
      const message = await find(request.params.id, account);
      if (message) return messageView(message, account);
      throw unknownMessage();
    });
    server.get("/:id/story", { schema: readStory }, async (request) => {
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
