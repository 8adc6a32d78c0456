// Notifications that were given up: looked at, and sent once more.
import type { FastifyInstance } from "fastify";
import { Type } from "typebox";
import { Value } from "typebox/value";
import type { Failure } from "#libs/webhook-queue/dead-letters.ts";
import { replay, replayAll } from "#libs/webhook-queue/replay.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { Problem } from "../problem.ts";
import { withoutNulls } from "../without-nulls.ts";

type AccountParams = { Params: { accountId: string } };
type ItemParams = { Params: { accountId: string; failureId: string } };

const PAGE_DEFAULT = 50;
const PAGE_MAX = 200;
/** An account has 10,000 dead letters at most. */
const OFFSET_MAX = 10_000;

const Page = Type.Object({
  limit: Type.Integer({ minimum: 1, maximum: PAGE_MAX, default: PAGE_DEFAULT }),
  cursor: Type.Integer({ minimum: 0, maximum: OFFSET_MAX, default: 0 }),
});

export function webhookFailureRoutes({ webhookQueue }: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    server.setReplySerializer(withoutNulls);
    server.get<AccountParams>("/", async ({ params: { accountId }, query }) => {
      const { limit, cursor: offset } = parsePage(query);
      const failures = await webhookQueue.dead.list(accountId, { offset, limit });
      const nextCursor = failures.length < limit ? null : String(offset + limit);
      return { items: failures.map(failureView), nextCursor };
    });
    server.post<ItemParams>("/:failureId/replay", async ({ params }) => {
      const { accountId, failureId } = params;
      const failure = await webhookQueue.dead.find(accountId, failureId);
      if (!failure) throw new Problem("not-found", "There is no such dead letter (any more).");
      const isTaken = await replay(failure, webhookQueue);
      if (!isTaken) throw new Problem("too-many", "Its queue is full: try again later.");
      return { id: failureId };
    });
    server.post<AccountParams>("/replay-all", async ({ params: { accountId } }) =>
      replayAll(accountId, webhookQueue),
    );
  };
}

function parsePage(query: unknown) {
  const page: unknown = Value.Default(Page, Value.Convert(Page, query));
  if (Value.Check(Page, page)) return page;
  throw new Problem("bad-request", `limit is from 1 to ${PAGE_MAX}; cursor comes from an answer.`);
}

/** `id` names the dead letter, `notificationId` what is in `webhook-id`. */
function failureView({ failureId: id, note, reason, diedAt }: Failure) {
  const { id: notificationId, messageId, hook: webhook, url, type, body, queuedAt } = note;
  const told = { id, notificationId, messageId, webhook, url, type, reason, body };
  return { ...told, queuedAt: iso(queuedAt), diedAt: iso(diedAt) };
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
