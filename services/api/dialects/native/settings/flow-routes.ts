// Flows: a PUT writes the draft; publishing puts it in force for new messages.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { parseGiven } from "#libs/json/parse-given.ts";
import { FlowBody, FlowDraft, type FlowSetting } from "#libs/settings/bodies/flow.ts";
import { publish, unpublish, withDraft } from "#libs/settings/flow-versions.ts";
import type { Place } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { ChangePreconditions, strict } from "../openapi/answers.ts";
import { collectionRoutes, placeOf } from "./collection-routes.ts";
import { CHANGING_VERSION } from "./refusals.ts";
import { changeSetting, type Exchange, notThere } from "./resource.ts";
import { adminOperation, itemParams, shownSetting } from "./schemas.ts";

type Step = (flow: FlowSetting) => FlowSetting;

const name = "welcome";
const usual = { wanted: "DELIVERED", onFailure: "NEXT" };
const given = {
  name: "WhatsApp, then SMS",
  steps: [{ channel: "whatsapp", waitSeconds: 60, wanted: "READ" }, { channel: "sms" }],
};
const [first, last] = given.steps;
const draft = {
  steps: [
    { ...usual, ...first },
    { ...usual, ...last },
  ],
};
const example = { name, body: { name: given.name, draft, versions: [] } };
const change = {
  params: itemParams(name),
  headers: ChangePreconditions,
  response: { 200: shownSetting("Flow", FlowBody, example) },
};
const publishing = {
  ...adminOperation(
    "Flows",
    "publishFlow",
    "Publish a flow: its draft is in force for new messages",
  ),
  ...change,
  problems: [...CHANGING_VERSION, "invalid", "unknown-reference"] as const,
};
const unpublishing = {
  ...adminOperation("Flows", "unpublishFlow", "Unpublish a flow: no new message can take it"),
  ...change,
  problems: [...CHANGING_VERSION, "invalid", "in-use"] as const,
};

export function flowRoutes(deps: ApiDeps): FastifyPluginAsyncTypebox {
  const collection = collectionRoutes(deps, {
    kind: "flow",
    tag: "Flows",
    noun: "Flow",
    words: { one: "a flow", many: "flows" },
    given: Type.Object(FlowDraft.properties, { ...strict, examples: [given] }),
    example,
    toBody: (body, current) => withDraft(current, parseGiven(FlowDraft, body)),
  });
  return async (server) => {
    await server.register(collection);
    server.post("/:name/publish", { schema: publishing }, async (request, reply) =>
      moveOn(request.params, { request, reply }, (flow) => publish(flow, Date.now())),
    );
    server.post("/:name/unpublish", { schema: unpublishing }, async (request, reply) =>
      moveOn(request.params, { request, reply }, unpublish),
    );
  };

  function moveOn(path: Omit<Place, "kind">, exchange: Exchange, step: Step) {
    const place = placeOf(path, "flow");
    const next = (current: FlowSetting | undefined) => {
      if (!current) throw notThere(place);
      return step(current);
    };
    return changeSetting({ place, next }, deps.writer, exchange);
  }
}
