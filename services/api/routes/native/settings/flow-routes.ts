// Flows: a PUT writes the draft; publishing puts it in force for new messages.
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { FlowDraft, type FlowSetting } from "#libs/settings/bodies.ts";
import { publish, unpublish, withDraft } from "#libs/settings/flow-versions.ts";
import { parseGiven } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { collectionRoutes, type ItemParams, placeOf } from "./collection-routes.ts";
import { changeSetting, notThere } from "./resource.ts";

type Step = (flow: FlowSetting) => FlowSetting;

export function flowRoutes(deps: ApiDeps) {
  const collection = collectionRoutes(deps, {
    kind: "flow",
    toBody: (given, current) => withDraft(current, parseGiven(FlowDraft, given)),
  });
  return async (server: FastifyInstance): Promise<void> => {
    server.register(collection);
    server.post<ItemParams>("/:name/publish", async (request, reply) =>
      moveOn(request, reply, (flow) => publish(flow, Date.now())),
    );
    server.post<ItemParams>("/:name/unpublish", async (request, reply) =>
      moveOn(request, reply, unpublish),
    );
  };

  function moveOn(request: FastifyRequest<ItemParams>, reply: FastifyReply, step: Step) {
    const place = placeOf(request, "flow");
    const next = (current: FlowSetting | undefined) => {
      if (!current) throw notThere(place);
      return step(current);
    };
    return changeSetting({ place, next }, deps.writer, { request, reply });
  }
}
