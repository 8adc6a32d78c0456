// `/accounts` and `/accounts/{id}`: made and deleted by the operator, changed also by its own admin.
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { ACCOUNT_ID, AccountBody } from "#libs/settings/bodies.ts";
import { type BodyOf, parseGiven } from "#libs/settings/setting.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { refuseAccounts, refuseStranger } from "../admit.ts";
import { Problem } from "../problem.ts";
import { changeSetting, deleteSetting, showSetting } from "./resource.ts";
import { settingView, withoutAdded } from "./setting-view.ts";

type Params = { Params: { accountId: string } };

export function accountRoutes({ settings, writer }: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.get("/", async (request) => {
      refuseAccounts(request);
      const all = settings.accountIds().map((accountId) => settings.find(placeOf(accountId)));
      return { items: all.flatMap((account) => (account ? settingView(account) : [])) };
    });
    server.get<Params>("/:accountId", async (request, reply) => {
      const { accountId } = request.params;
      refuseStranger(request, accountId);
      return showSetting(placeOf(accountId), settings, reply);
    });
    server.put<Params>("/:accountId", async (request, reply) => {
      const { accountId } = request.params;
      refuseStranger(request, accountId);
      if (!ACCOUNT_ID.test(accountId)) {
        throw new Problem("bad-request", `An account's id is of the form ${ACCOUNT_ID.source}.`);
      }
      const next = (current?: BodyOf<"account">) => toBody(request.body, current);
      return changeSetting({ place: placeOf(accountId), next }, writer, { request, reply });
    });
    server.delete<Params>("/:accountId", async (request, reply) => {
      refuseAccounts(request);
      return deleteSetting(placeOf(request.params.accountId), writer, { request, reply });
    });
  };
}

function placeOf(accountId: string) {
  return { accountId, kind: "account", name: accountId } as const;
}

/** An account keeps its GUID, and gets one where none is given: 8x8's clients know it by that. */
function toBody(given: unknown, current: BodyOf<"account"> | undefined): BodyOf<"account"> {
  const body = withoutAdded(given);
  if (typeof body !== "object" || body === null) return parseGiven(AccountBody, body);
  return parseGiven(AccountBody, { guid: current?.guid ?? randomUUID(), ...body });
}
