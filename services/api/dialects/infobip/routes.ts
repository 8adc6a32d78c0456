// The paths of Infobip's Messages API.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { ApiError } from "#libs/dialects/infobip/api-error.ts";
import { parseSend, rejectedAnswer } from "#libs/dialects/infobip/send/parse-send.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { authorizationKey } from "../../http/authentication/authorization-key.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptBatchAndWarn } from "../../messages/accept-and-warn.ts";

const INFOBIP_PATH = "/messages-api/1";
/** Also of its APIs of one channel, which are not served: their clients know no words but Infobip's. */
const OWNED = /^\/(messages-api|sms|whatsapp|viber|rcs|omni)\/\d+(\/|$)/;

const findKey = authorizationKey("App");

export function isInfobipPath(path: string): boolean {
  return OWNED.test(path);
}

export function infobipRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // Before the body is read: a stranger makes us parse nothing.
    server.addHook("onRequest", async (request) => admit(request, deps.settings));
    server.post(`${INFOBIP_PATH}/messages`, (request) => send(request, deps));
  };
}

function admit(request: FastifyRequest, settings: Settings): void {
  const apiKey = findKey(request, settings);
  if (!apiKey) throw new ApiError(401);
  const account = settings.findAccount(apiKey.accountId);
  if (!account || !apiKey.scopes.includes("send")) throw new ApiError(403);
  request.apiKey = apiKey;
  request.account = account;
}

async function send(request: FastifyRequest, deps: ApiDeps) {
  const context = { account: callerOf(request), now: Date.now() };
  const { taken, answer } = await parseSend(request.body, context);
  try {
    await acceptBatchAndWarn(taken, request, deps);
    return answer;
  } catch (error) {
    if (error instanceof RequestRefused) return rejectedAnswer(answer, error.faults);
    throw error;
  }
}
