// What accounts may spend, and on whom. An account's own admin may look at it; it is the operator's to
// change, for one account or for all.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import type { FastifyRequest } from "fastify";
import type { TObject } from "typebox";
import { parseGiven } from "#libs/json/parse-given.ts";
import { LIMITS_NAME, LimitsBody } from "#libs/settings/bodies/limits.ts";
import type { Place } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { refuseAccounts } from "../admit.ts";
import { ChangePreconditions, NoContent, Preconditions } from "../openapi/answers.ts";
import { DELETING, PUTTING } from "./refusals.ts";
import { changeSetting, deleteSetting, showSetting } from "./resource.ts";
import { adminOperation, givenBody, shownSetting } from "./schemas.ts";

const body = {
  countries: { denied: ["AQ"] },
  numberClasses: { "shared-cost": true },
  senders: {},
  daily: { messages: 10_000, messagesPerNumber: 500, messagesByPrefix: { "+4477": 1_000 } },
  ratePerKey: { perSecond: 500, burst: 1_000 },
};
const Given = givenBody(LimitsBody, body);
const Shown = shownSetting("Limits", LimitsBody, { name: LIMITS_NAME, body });

export type LimitsOwner = {
  /** In operation ids: `putLimits`. */
  noun: string;
  /** In sentences. */
  whose: string;
  /** The path's parameters. */
  params: TObject;
  accountIdOf: (request: FastifyRequest) => string;
};

export function limitsRoutes(
  { settings, writer }: ApiDeps,
  owner: LimitsOwner,
): FastifyPluginAsyncTypebox {
  const schemas = schemasOf(owner);
  const placeOf = (request: FastifyRequest): Place<"limits"> => {
    return { accountId: owner.accountIdOf(request), kind: "limits", name: LIMITS_NAME };
  };
  return async (server) => {
    server.get("/", { schema: schemas.read }, async (request, reply) =>
      showSetting(placeOf(request), settings, reply),
    );
    server.put("/", { schema: schemas.put }, async (request, reply) => {
      refuseAccounts(request);
      const next = () => parseGiven(LimitsBody, request.body);
      return changeSetting({ place: placeOf(request), next }, writer, { request, reply });
    });
    server.delete("/", { schema: schemas.remove }, async (request, reply) => {
      refuseAccounts(request);
      return deleteSetting({ place: placeOf(request) }, writer, { request, reply });
    });
  };
}

function schemasOf({ noun, whose, params }: LimitsOwner) {
  const operation = (verb: string, summary: string) =>
    adminOperation("Limits", `${verb}${noun}`, `${summary} ${whose}`);
  return {
    read: {
      ...operation("get", "Show the limits of"),
      params,
      response: { 200: Shown },
      problems: ["not-found"] as const,
    },
    put: {
      ...operation("put", "For the operator: set the limits of"),
      params,
      headers: Preconditions,
      body: Given,
      response: { 200: Shown, 201: Shown },
      problems: PUTTING,
    },
    remove: {
      ...operation("delete", "For the operator: take away the limits of"),
      params,
      headers: ChangePreconditions,
      response: { 204: NoContent },
      problems: DELETING,
    },
  };
}
