// Flows as Kaleyra's wizard makes them. Kaleyra has no public API for that: the paths are ours.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { KaleyraError, readForm } from "#libs/dialects/kaleyra/api-error.ts";
import {
  parseFirstChannel,
  parseSecondChannel,
  parseTitled,
} from "#libs/dialects/kaleyra/flows/body.ts";
import {
  cloneOf,
  deletable,
  publishFlow,
  withFirstChannel,
  withoutSecondChannel,
  withSecondChannel,
} from "#libs/dialects/kaleyra/flows/change-flow.ts";
import { isFlowChannel, sendersOf, templatesOf } from "#libs/dialects/kaleyra/flows/choices.ts";
import { unpublish } from "#libs/settings/flow-versions.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf, scopeNeeded } from "../../http/caller.ts";
import { admit, type SidParams } from "./admit.ts";
import { changeFlow, flowOf, flowsOf, makeFlow, type Next, showFlow } from "./flow-changes.ts";

type OfFlow = { Params: SidParams["Params"] & { id: string } };
type OfChannel = { Params: SidParams["Params"] & { channel: string } };

const READING = ["read", "admin"] as const;
const CHANGING = ["admin"] as const;

export function flowRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // Before the body is read: a stranger makes us parse nothing.
    server.addHook<SidParams>("onRequest", async (request) =>
      admit(request, deps.settings, scopeNeeded(request) === "read" ? READING : CHANGING),
    );
    server.get<OfChannel>("/channels/:channel", async (request) => choices(request));
    server.get("/flows", async (request) => ({ flows: flowsOf(callerOf(request)) }));
    server.get<OfFlow>("/flows/:id", async (request) =>
      showFlow(callerOf(request), request.params.id),
    );
    server.post("/flows", async (request, reply) => {
      const { title } = readForm(parseTitled, request.body);
      return reply.status(201).send(await makeFlow({ name: title, versions: [] }, request, deps));
    });
    server.post<OfFlow>("/flows/:id/clone", async (request, reply) => {
      const { title } = readForm(parseTitled, request.body);
      const copy = cloneOf(flowOf(callerOf(request), request.params.id), title);
      return reply.status(201).send(await makeFlow(copy, request, deps));
    });
    changeRoutes(server, deps);
  };
}

function changeRoutes(server: FastifyInstance, deps: ApiDeps): void {
  const change = (request: FastifyRequest<OfFlow>, next: Next) => changeFlow(request, next, deps);
  server.put<OfFlow>("/flows/:id", async (request) => {
    const { title } = readForm(parseTitled, request.body);
    return change(request, (flow) => ({ ...flow, name: title }));
  });
  server.put<OfFlow>("/flows/:id/first-channel", async (request) => {
    const given = readForm(parseFirstChannel, request.body);
    return change(request, (flow, account) => withFirstChannel(flow, given, account));
  });
  server.put<OfFlow>("/flows/:id/second-channel", async (request) => {
    const given = readForm(parseSecondChannel, request.body);
    return change(request, (flow, account) => withSecondChannel(flow, given, account));
  });
  server.delete<OfFlow>("/flows/:id/second-channel", async (request) =>
    change(request, withoutSecondChannel),
  );
  server.post<OfFlow>("/flows/:id/publish", async (request) =>
    change(request, (flow, account) => publishFlow(flow, account, Date.now())),
  );
  server.post<OfFlow>("/flows/:id/unpublish", async (request) => change(request, unpublish));
  server.delete<OfFlow>("/flows/:id", async (request, reply) => {
    await change(request, deletable);
    return reply.status(204).send();
  });
}

/** What the wizard's lists offer for a channel. */
function choices(request: FastifyRequest<OfChannel>) {
  const { channel } = request.params;
  if (!isFlowChannel(channel)) throw new KaleyraError(404, "NOT_FOUND", "Ask for sms or whatsapp.");
  const account = callerOf(request);
  return { from: sendersOf(channel, account), templates: templatesOf(channel, account) };
}
