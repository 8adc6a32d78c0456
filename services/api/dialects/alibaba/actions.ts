// The actions that are served, by name.
import { randomUUID } from "node:crypto";
import type { FastifyRequest } from "fastify";
import { messageRow } from "#libs/dialects/alibaba/list/message-row.ts";
import { parseList } from "#libs/dialects/alibaba/list/parse-list.ts";
import type { GivenParameters } from "#libs/dialects/alibaba/read-parameters.ts";
import { parseMass } from "#libs/dialects/alibaba/send/parse-mass.ts";
import { parseSend } from "#libs/dialects/alibaba/send/parse-send.ts";
import type { Warning } from "#libs/dialects/told-warning.ts";
import type { ApiDeps } from "../../api-deps.ts";
import { callerOf } from "../../http/caller.ts";
import { acceptAndWarn, acceptBatchAndWarn } from "../../messages/accept-and-warn.ts";

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
  await acceptAndWarn(parsed, request, deps);
  return { MessageId: messageId, ...toldOf(parsed.warnings) };
}

async function sendMessages(given: GivenParameters, request: FastifyRequest, deps: ApiDeps) {
  const context = { account: callerOf(request), now: Date.now() };
  const { messages, groupMessageId } = await parseMass(given, context);
  const placed = messages.map((each, place) => ({ ...each, place }));
  await acceptBatchAndWarn(placed, request, deps);
  // What is to be known of one is mostly so of all: they have one template, and one SMS.
  const [warned] = messages.filter(({ warnings }) => warnings.length > 0);
  return { GroupMessageId: groupMessageId, ...toldOf(warned?.warnings ?? []) };
}

async function listMessages(given: GivenParameters, request: FastifyRequest, { list }: ApiDeps) {
  const account = callerOf(request);
  const { query, skipCount } = parseList(given, account);
  const { messages } = await list(account, query);
  return { Success: true, Data: messages.slice(skipCount).map(messageRow) };
}

/** Alibaba's answer has room for words. */
function toldOf(warnings: readonly Warning[]): { Message?: string } {
  if (warnings.length === 0) return {};
  return { Message: warnings.map(({ detail }) => detail).join(" ") };
}
