// Notifications that were given up: looked at, and sent once more.

import type { FastifyPluginAsyncTypebox } from "@fastify/type-provider-typebox";
import { Problem } from "#libs/dialects/native/problem.ts";
import { showInstant } from "#libs/show-instant.ts";
import type { Failure } from "#libs/webhook-queue/dead-letters.ts";
import { replay, replayAll } from "#libs/webhook-queue/replay.ts";
import { withoutNulls } from "#libs/without-nulls.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { listFailures, replayFailure, replayFailures } from "./webhook-failure-schemas.ts";

export function webhookFailureRoutes({ webhookQueue }: ApiDeps): FastifyPluginAsyncTypebox {
  return async (server) => {
    server.setReplySerializer(withoutNulls);
    server.get("/", { schema: listFailures }, async ({ params: { accountId }, query }) => {
      const { limit, cursor: offset } = query;
      const failures = await webhookQueue.dead.list(accountId, { offset, limit });
      const nextCursor = failures.length < limit ? null : String(offset + limit);
      return { items: failures.map(failureView), nextCursor };
    });
    server.post("/:failureId/replay", { schema: replayFailure }, async ({ params }) => {
      const { accountId, failureId } = params;
      const failure = await webhookQueue.dead.find(accountId, failureId);
      if (!failure) throw new Problem("not-found", "There is no such dead letter (any more).");
      const isTaken = await replay(failure, webhookQueue);
      if (!isTaken) throw new Problem("too-many", "Its queue is full: try again later.");
      return { id: failureId };
    });
    server.post("/replay-all", { schema: replayFailures }, async ({ params: { accountId } }) =>
      replayAll(accountId, webhookQueue),
    );
  };
}

/** `id` names the dead letter, `notificationId` what is in `webhook-id`. */
function failureView({ failureId: id, note, reason, diedAt }: Failure) {
  const { id: notificationId, messageId, hook: webhook, url, type, body, queuedAt } = note;
  const told = { id, notificationId, messageId, webhook, url, type, reason, body };
  return { ...told, queuedAt: iso(queuedAt), diedAt: iso(diedAt) };
}

function iso(at: number): string {
  return showInstant(at);
}
