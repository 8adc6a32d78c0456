// `POST /v1/{SID}/workflow/v1/instances/{id}/invoke`, Kaleyra's invocation API.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyRequest } from "fastify";
import { parseInvocation } from "#libs/dialects/kaleyra/invoke/parse-invocation.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptAndWarn } from "../../messages/accept-and-warn.ts";
import { admit, type SidParams } from "./admit.ts";

type Instance = { Params: SidParams["Params"] & { id: string } };

export function invokeRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // Before the body is read: a stranger makes us parse nothing.
    server.addHook<SidParams>("onRequest", async (request) =>
      admit(request, deps.settings, ["send"]),
    );
    server.post<Instance>("/instances/:id/invoke", (request) => invoke(request, deps));
  };
}

async function invoke(request: FastifyRequest<Instance>, deps: ApiDeps) {
  const [account, messageId] = [callerOf(request), randomUUID()];
  const invoking = { account, flowId: request.params.id, messageId, now: Date.now() };
  await acceptAndWarn(parseInvocation(request.body, invoking), request, deps);
  return { workflowInvocationId: messageId };
}
