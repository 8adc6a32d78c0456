// Operations of 8x8's Messaging API that are not served here: its OpenAPI has no others. They are
// known, so that a client hears 2001 and not that it has the path wrong. Bodies are not read.
import type { FastifyInstance, FastifyRequest } from "fastify";
import { Refusal } from "#libs/dialects/8x8/refusal.ts";
import type { ApiDeps } from "../../api-deps.ts";
import {
  type AccountParams,
  authorise,
  authoriseAccount,
  type SubAccountParams,
} from "./authorise.ts";

const SUB_ACCOUNT = "/api/v1/subaccounts/:subAccountId";
const WHATSAPP = "/api/v1/whatsapp/subaccounts/:subAccountId/channels/:channelId";
const ACCOUNT = "/api/v1/accounts/:accountId";
const CHANNEL = `${ACCOUNT}/channels/:channelId`;

const OF_SUB_ACCOUNTS = [
  ["POST", `${SUB_ACCOUNT}/events`],
  ["POST", `${SUB_ACCOUNT}/files`],
  ["POST", `${SUB_ACCOUNT}/lon`],
  ["POST", `${SUB_ACCOUNT}/lon/batch`],
  ["POST", `${SUB_ACCOUNT}/messages/:umid/read`],
  ["POST", `${SUB_ACCOUNT}/messages/exports`],
  ["GET", `${SUB_ACCOUNT}/messages/exports/:jobId`],
  ["DELETE", `${SUB_ACCOUNT}/messages/exports/:jobId`],
  ["GET", `${WHATSAPP}/callPermissions`],
  ["POST", `${WHATSAPP}/directSend/sample`],
] as const;

const OF_ACCOUNTS = [
  ["GET", `${ACCOUNT}/usage/messages`],
  ["GET", `${CHANNEL}/templates`],
  ["POST", `${CHANNEL}/templates`],
  ["DELETE", `${CHANNEL}/templates/:templateName`],
  ["GET", `${CHANNEL}/flows`],
  ["POST", `${CHANNEL}/flows`],
  ["GET", `${CHANNEL}/flows/:flowId`],
  ["PUT", `${CHANNEL}/flows/:flowId`],
  ["DELETE", `${CHANNEL}/flows/:flowId`],
  ["GET", `${CHANNEL}/flows/:flowId/preview`],
  ["POST", `${CHANNEL}/flows/:flowId/publish`],
  ["POST", `${CHANNEL}/flows/:flowId/deprecate`],
] as const;

/** A file's address is its key: 8x8 asks for no other. */
const OF_ANYBODY = [["GET", "/files/:filename"]] as const;

export const unservedOperations = [...OF_SUB_ACCOUNTS, ...OF_ACCOUNTS, ...OF_ANYBODY];

/** Refuses each with 2001, once it is known who asks. */
export function unservedRoutes({ settings }: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    for (const [method, url] of OF_SUB_ACCOUNTS) {
      const check = async (request: FastifyRequest<SubAccountParams>) =>
        authorise(request, settings);
      server.route({ method, url, onRequest: [check, refuse], handler: refuse });
    }
    for (const [method, url] of OF_ACCOUNTS) {
      const check = async (request: FastifyRequest<AccountParams>) =>
        authoriseAccount(request, settings, []);
      server.route({ method, url, onRequest: [check, refuse], handler: refuse });
    }
    for (const [method, url] of OF_ANYBODY) {
      server.route({ method, url, onRequest: refuse, handler: refuse });
    }
  };
}

async function refuse(): Promise<never> {
  throw new Refusal(2001, "it is not served here.");
}
