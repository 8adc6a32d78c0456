// `/accounts` and `/accounts/{id}`: made and deleted by the operator, changed also by its own admin.
import { randomUUID } from "node:crypto";
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Type } from "typebox";
import { AccountBody } from "#libs/settings/bodies/account.ts";
import type { BodyOf } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { refuseAccounts, refuseStranger } from "../admit.ts";
import { ChangePreconditions, listOf, NoContent, Preconditions } from "../openapi/answers.ts";
import { DELETING, PUTTING } from "./refusals.ts";
import { changeSetting, deleteSetting, showSetting } from "./resource.ts";
import { AccountParams, adminOperation, givenBody, shownExample, shownSetting } from "./schemas.ts";
import { settingView } from "./setting-view.ts";

const { guid, ...own } = AccountBody.properties;
const body = { name: "Acme", defaultWaitSeconds: 120, smsSegmentsMax: 2 };
/** An account keeps its GUID, and gets one where none is given: 8x8's clients know it by that. */
const Given = givenBody(Type.Object({ ...own, guid: Type.Optional(guid) }), body);
const example = { name: "acme", body: { ...body, guid: "8a6f0c52-3f5b-4d0e-9a55-0d6c1f2b7e90" } };
const Shown = shownSetting("Account", AccountBody, example);
const operation = (id: string, summary: string) => adminOperation("Accounts", id, summary);

const list = {
  ...operation("listAccounts", "List all accounts; for the operator"),
  response: { 200: listOf(Shown, shownExample(example)) },
};
const read = {
  ...operation("getAccount", "Show an account"),
  params: AccountParams,
  response: { 200: Shown },
  problems: ["not-found"] as const,
};
const put = {
  ...operation("putAccount", "Make or change an account"),
  params: AccountParams,
  headers: Preconditions,
  body: Given,
  response: { 200: Shown, 201: Shown },
  problems: PUTTING,
};
const remove = {
  ...operation("deleteAccount", "Delete an account that has nothing any more; for the operator"),
  params: AccountParams,
  headers: ChangePreconditions,
  response: { 204: NoContent },
  problems: DELETING,
};

export function accountRoutes({ settings, writer }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get("/", { schema: list }, async (request) => {
      refuseAccounts(request);
      const all = settings.accountIds().map((accountId) => settings.find(placeOf(accountId)));
      return { items: all.flatMap((account) => (account ? settingView(account) : [])) };
    });
    server.get("/:accountId", { schema: read }, async (request, reply) => {
      const { accountId } = request.params;
      refuseStranger(request, accountId);
      return showSetting(placeOf(accountId), settings, reply);
    });
    server.put("/:accountId", { schema: put }, async (request, reply) => {
      const { accountId } = request.params;
      refuseStranger(request, accountId);
      const next = (current?: BodyOf<"account">) => {
        return { guid: current?.guid ?? randomUUID(), ...request.body };
      };
      return changeSetting({ place: placeOf(accountId), next }, writer, { request, reply });
    });
    server.delete("/:accountId", { schema: remove }, async (request, reply) => {
      refuseAccounts(request);
      return deleteSetting({ place: placeOf(request.params.accountId) }, writer, {
        request,
        reply,
      });
    });
  };
}

function placeOf(accountId: string) {
  return { accountId, kind: "account", name: accountId } as const;
}
