// `GET /messages`: an account's messages, newest first, page by page.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { messageSummary } from "#libs/dialects/native/message-summary.ts";
import { Problem } from "#libs/dialects/native/problem.ts";
import { parseInstant } from "#libs/judgement/parse-instant.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { callerOf } from "../../../http/caller.ts";
import { encodeCursor, parseCursor } from "./list-cursor.ts";
import { isAskedFor, ListQuery } from "./list-query.ts";
import { MessagePage } from "./message-schemas.ts";

const schema = {
  operationId: "listMessages",
  summary: "List messages, newest first",
  tags: ["Messages"] as const,
  querystring: ListQuery,
  response: { 200: MessagePage },
  problems: ["unavailable"] as const,
};

export function listRoute({ list }: Pick<ApiDeps, "list">): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.get("/", { schema }, async (request) => {
      const { query } = request;
      const page = await list(callerOf(request), {
        fromMs: instantOf(query.from) ?? 0,
        toMs: instantOf(query.to) ?? Number.MAX_SAFE_INTEGER,
        after: query.cursor === undefined ? null : parseCursor(query.cursor),
        countMax: query.limit,
        matches: (message) => isAskedFor(query, message),
      });
      const nextCursor = page.next && encodeCursor(page.next);
      return { items: page.messages.map(messageSummary), nextCursor };
    });
  };
}

/** Epoch ms; null for none. Throws Problem `bad-request`. */
export function instantOf(text: string | undefined): number | null {
  if (text === undefined) return null;
  const at = parseInstant(text);
  if (Number.isFinite(at)) return at;
  throw new Problem("bad-request", `There is no instant ${text}.`);
}
