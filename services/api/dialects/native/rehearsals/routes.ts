// Rehearsals: how a flow or a message would go. Nothing is sent and nothing is stored.
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { toSendRequestInput } from "#libs/message-flow/message-input.ts";
import { rehearseAll } from "#libs/rehearsal/rehearse-all.ts";
import type { Account, Settings } from "#libs/settings/account.ts";
import { withoutNulls } from "#libs/without-nulls.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { callerOf } from "../../../http/caller.ts";
import { admitSender } from "../admit.ts";
import { takeAsGiven } from "../validate.ts";
import { rehearse } from "./operation.ts";
import { parseRehearsal } from "./parse-rehearsal.ts";
import { rehearsalsView } from "./summary-view.ts";

export function rehearsalRoutes({ settings }: Pick<ApiDeps, "settings">) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => admitSender(request, settings, "read"));
    const options = { schema: rehearse, validatorCompiler: takeAsGiven };
    server.post("/", options, async (request) =>
      rehearseGiven(request.body, callerOf(request), settings),
    );
  };
}

async function rehearseGiven(given: unknown, account: Account, settings: Settings) {
  const now = Date.now();
  const parsed = await parseRehearsal(given, { account, messageId: randomUUID(), now });
  const { request, warnings, isMessage, behaviours } = parsed;
  const input = toSendRequestInput(request, { now, settings, timeScale: 1 });
  const assumed = behaviours === "all" ? {} : behaviours;
  const all = rehearseAll({ request, input }, assumed);
  return { ...rehearsalsView(all, { request, account, isMessage }), warnings };
}
