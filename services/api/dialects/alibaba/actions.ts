// The actions that are served, by name.
import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { messageRow } from "#libs/dialects/alibaba/list/message-row.ts";
import { parseList } from "#libs/dialects/alibaba/list/parse-list.ts";
import type { GivenParameters } from "#libs/dialects/alibaba/read-parameters.ts";
import { parseMass } from "#libs/dialects/alibaba/send/parse-mass.ts";
import { parseSend } from "#libs/dialects/alibaba/send/parse-send.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../http/caller.ts";
import { warn } from "../../http/warnings.ts";
import { acceptAndWarn, sameNumbers } from "../../messages/accept-and-warn.ts";

type Action = {
  scope: "send" | "read";
  /** Resolves with what is answered beside the code. */
  carryOut: (given: GivenParameters, request: FastifyRequest, deps: ApiDeps) => Promise<object>;
};

export const actions: ReadonlyMap<string, Action> = new Map([
  ["SendChatappMessage", { scope: "send", carryOut: sendMessage }],
  ["SendChatappMassMessage", { scope: "send", carryOut: sendMessages }],
  ["ListChatappMessage", { scope: "read", carryOut: listMessages }],
]);

async function sendMessage(given: GivenParameters, request: FastifyRequest, deps: ApiDeps) {
  const messageId = randomUUID();
  const sending = { account: callerOf(request), messageId, batchId: null, now: Date.now() };
  const parsed = parseSend(given, sending);
  await acceptAndWarn([parsed.request], request, deps);
  return { MessageId: messageId, ...toldOf(parsed.warning) };
}

async function sendMessages(given: GivenParameters, request: FastifyRequest, deps: ApiDeps) {
  const parsed = await parseMass(given, { account: callerOf(request), now: Date.now() });
  await acceptAndWarn(parsed.requests, request, deps);
  warn(request, sameNumbers(parsed.requests, []));
  return { GroupMessageId: parsed.groupMessageId, ...toldOf(parsed.warning) };
}

async function listMessages(given: GivenParameters, request: FastifyRequest, { list }: ApiDeps) {
  const account = callerOf(request);
  const { query, skipCount } = parseList(given, account);
  const { messages } = await list(account, query);
  return { Success: true, Data: messages.slice(skipCount).map(messageRow) };
}

function toldOf(warning: string): { Message?: string } {
  return warning === "" ? {} : { Message: warning };
}
