// The paths of Vonage's Messages v1.
import type { FastifyInstance } from "fastify";
import type { ApiDeps } from "../../api-deps.ts";
import { admit } from "./admit.ts";
import { messageRoutes } from "./message-routes.ts";

/** Below `/v1` other paths are Kaleyra's, also those of an account that is called `messages`. */
const OWNED = /^\/v1\/messages(?!\/workflow(\/|$))(\/|$)/;

export function isVonagePath(path: string): boolean {
  return OWNED.test(path);
}

export function vonageRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // Before the body is read: a stranger makes us parse nothing.
    server.addHook("onRequest", async (request) => admit(request, deps));
    server.register(messageRoutes(deps));
  };
}
