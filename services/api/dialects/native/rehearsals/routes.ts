// Rehearsals: how a flow or a message would go. Nothing is sent and nothing is stored.
import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import type { AskedOfCaps } from "#libs/daily-caps/daily-caps.ts";
import { RetriableError } from "#libs/errors.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import { toSendRequestInput } from "#libs/message-flow/message-input.ts";
import { rehearseAll } from "#libs/rehearsal/rehearse-all.ts";
import type { Account } from "#libs/settings/account.ts";
import { withoutNulls } from "#libs/without-nulls.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { callerOf } from "../../../http/caller.ts";
import { admitSender } from "../admit.ts";
import { takeAsGiven } from "../validate.ts";
import { rehearse } from "./operation.ts";
import { parseRehearsal } from "./parse-rehearsal.ts";
import { rehearsalsView } from "./summary-view.ts";

type RehearsalDeps = Pick<ApiDeps, "settings" | "caps">;

export function rehearsalRoutes(deps: RehearsalDeps) {
  const { settings } = deps;
  return async (server: FastifyInstance): Promise<void> => {
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => admitSender(request, settings, "read"));
    const options = { schema: rehearse, validatorCompiler: takeAsGiven };
    server.post("/", options, async (request) =>
      rehearseGiven(request.body, callerOf(request), deps),
    );
  };
}

async function rehearseGiven(given: unknown, account: Account, { settings, caps }: RehearsalDeps) {
  const now = Date.now();
  const parsed = await parseRehearsal(given, { account, messageId: randomUUID(), now });
  const { request, warnings, isMessage, behaviours } = parsed;
  if (isMessage) await refuseOverCaps({ request, account, at: now }, caps);
  const input = toSendRequestInput(request, { now, apartMs: 0, settings, timeScale: 1 });
  const assumed = behaviours === "all" ? {} : behaviours;
  const all = rehearseAll({ request, input, account }, assumed);
  return { ...rehearsalsView(all, { request, account, isMessage }), warnings };
}

/** A message may be rehearsed while Redis is away; what it would use of the day is left out then. */
async function refuseOverCaps(asked: AskedOfCaps, { look }: ApiDeps["caps"]): Promise<void> {
  const { faults } = await look(asked).catch((error: unknown) => {
    if (error instanceof RetriableError) return { faults: [] };
    throw error;
  });
  if (faults.length > 0) throw new RequestRefused(faults);
}
