// 8x8's Messaging API: the paths, who may use them, and its error body for whatever goes wrong.
import { randomUUID } from "node:crypto";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { Settings } from "#libs/settings/account.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf, findCaller, scopeNeeded } from "../../authenticate.ts";
import { messageRows } from "./message-rows.ts";
import { parseSend } from "./parse-send.ts";
import { errorBody, Refusal } from "./refusal.ts";
import { toRefusal } from "./to-refusal.ts";
import { webhookRoutes } from "./webhook-routes.ts";

type SubAccountParams = { subAccountId: string };
type MessageParams = SubAccountParams & { umid: string };

/** From 8x8's OpenAPI. */
const SUB_ACCOUNT_ID = /^[A-Za-z0-9\-._&]{3,50}$/;

export function eightByEightRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setErrorHandler((error, request, reply) => answerError(error, { request, reply, deps }));
    server.setNotFoundHandler((request, reply) =>
      answerError(new Refusal(1300, "there is no such path."), { request, reply, deps }),
    );
    server.register(messageRoutes(deps), { prefix: "/subaccounts/:subAccountId/messages" });
    server.register(webhookRoutes(deps), { prefix: "/accounts/:accountId/webhooks" });
  };
}

function messageRoutes(deps: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    // Before the body is read: a stranger makes us parse nothing.
    server.addHook<{ Params: SubAccountParams }>("onRequest", async (request) => {
      authorise(request, deps.settings);
    });
    server.post("/", (request) => send(request, deps));
    server.get<{ Params: MessageParams }>("/:umid", (request) => read(request, deps));
  };
}

function authorise(
  request: FastifyRequest<{ Params: SubAccountParams }>,
  settings: Settings,
): void {
  const { subAccountId } = request.params;
  const apiKey = findCaller(request, settings);
  if (!apiKey) throw new Refusal(1200);
  if (!SUB_ACCOUNT_ID.test(subAccountId)) throw new Refusal(1001);
  // One answer for a foreign and an unknown sub-account: it tells nobody which exist.
  const account = settings.findAccount(subAccountId);
  if (!account || apiKey.accountId !== subAccountId) throw new Refusal(1201);
  const scope = scopeNeeded(request);
  if (!apiKey.scopes.includes(scope)) throw new Refusal(1201, `the key has no scope ${scope}.`);
  request.apiKey = apiKey;
  request.account = account;
}

async function send(request: FastifyRequest, { accept }: ApiDeps) {
  const now = Date.now();
  const account = callerOf(request);
  const parsed = parseSend(request.body, { account, messageId: randomUUID(), now });
  if ("refusal" in parsed) throw parsed.refusal;
  const { messageId, recipient, clientMessageId } = parsed.request;
  await accept([parsed.request], traceHeaders(request.headers));
  return {
    umid: messageId,
    user: { msisdn: recipient.msisdn ?? undefined },
    clientMessageId: clientMessageId ?? undefined,
    status: { state: "queued", timestamp: new Date(now).toISOString() },
  };
}

async function read(request: FastifyRequest<{ Params: MessageParams }>, { find }: ApiDeps) {
  const account = callerOf(request);
  const message = await find(request.params.umid, account);
  if (!message) throw new Refusal(1300);
  return { data: messageRows(message, account) };
}

type Exchange = { request: FastifyRequest; reply: FastifyReply; deps: ApiDeps };

function answerError(error: unknown, { request, reply, deps }: Exchange): FastifyReply {
  const refusal = toRefusal(error);
  const body = errorBody(refusal);
  if (refusal.status >= 500) {
    deps.log.error({ err: error, errorId: body.errorId, url: request.url }, "request failed");
  }
  if (refusal.status === 401) reply.header("www-authenticate", "Bearer");
  if (refusal.status === 503) reply.header("retry-after", "2");
  return reply.status(refusal.status).send(body);
}
