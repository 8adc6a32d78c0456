// Dead letters, for the operator: they hold what customers of any account sent.
import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { letterSources } from "#libs/dead-letters/letter.ts";
import type { Settled } from "#libs/dead-letters/settle-letters.ts";
import { Problem } from "#libs/dialects/native/problem.ts";
import { withoutNulls } from "#libs/without-nulls.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { callerName } from "../../../http/caller.ts";
import { refuseAccounts } from "../admit.ts";
import { instantOf } from "../messages/list-route.ts";
import { encodeLetterCursor, parseLetterCursor } from "./letter-cursor.ts";
import { isAskedFor } from "./letter-query.ts";
import { letterSummary, letterView } from "./letter-view.ts";
import { dropLetters, listLetters, readLetter, replayLetters } from "./schemas.ts";

export function deadLetterRoutes({ deadLetters }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.setReplySerializer(withoutNulls);
    server.addHook("onRequest", async (request) => refuseAccounts(request));
    server.get("/", { schema: listLetters }, async ({ query }) => {
      const page = await deadLetters.list({
        topics: query.topic === undefined ? letterSources : [query.topic],
        fromMs: instantOf(query.from) ?? 0,
        toMs: instantOf(query.to) ?? Number.MAX_SAFE_INTEGER,
        countMax: query.limit,
        before: query.cursor === undefined ? new Map() : parseLetterCursor(query.cursor),
        matches: (letter) => isAskedFor(query, letter),
      });
      const nextCursor = page.next && encodeLetterCursor(page.next);
      return { items: page.letters.map(letterSummary), nextCursor };
    });
    server.get("/:id", { schema: readLetter }, async ({ params }) => {
      const found = await deadLetters.find(params.id);
      if (found) return letterView(found.letter, found.value);
      throw new Problem("not-found", "There is no dead letter with that id (any more).");
    });
    server.post("/replay", { schema: replayLetters }, async (request) => {
      const { ids, force } = request.body;
      return settledAnswer(await deadLetters.replay(ids, { by: callerName(request), force }));
    });
    server.post("/drop", { schema: dropLetters }, async (request) =>
      settledAnswer(await deadLetters.drop(request.body.ids, { by: callerName(request) })),
    );
  };
}

function settledAnswer(settled: readonly Settled[]) {
  const items = settled.map(({ id, isDone, why }) => ({ id, done: isDone, why }));
  return { doneCount: settled.filter(({ isDone }) => isDone).length, items };
}
