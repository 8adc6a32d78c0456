// Cancelling one message, or whatever of a batch has not ended.
import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Outcome } from "#libs/contracts/generated/types.ts";
import { messageIdsOf } from "#libs/dialects/batch-ids.ts";
import { Problem } from "#libs/dialects/native/problem.ts";
import { CancelBody } from "#libs/dialects/native/send/body.ts";
import { parseGiven } from "#libs/json/parse-given.ts";
import { traceHeaders } from "#libs/kafka/trace-context.ts";
import type { ApiDeps } from "../../../api-deps.ts";
import { callerOf } from "../../../http/caller.ts";
import type { Cancellation } from "../../../messages/cancel-messages.ts";
import { takeAsGiven } from "../validate.ts";
import { cancelBatch, cancelMessage } from "./operations.ts";

/** `POST /{id}/cancel`. Cancelling again what was cancelled answers as the first time. */
export function cancelRoutes({ cancel }: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    const options = { schema: cancelMessage, validatorCompiler: takeAsGiven };
    server.post<{ Params: { id: string } }>("/:id/cancel", options, async (request) => {
      const { id } = request.params;
      const cancellation = cancellationOf(request);
      const [message] = await cancel([id], cancellation);
      if (!message) throw unknownMessage();
      const { outcome } = message.entry.state;
      if (!message.wasOpen && outcome !== "CANCELED") throw ended(outcome);
      return { messageId: id, canceled: outcome === "CANCELED", outcome };
    });
  };
}

/** `POST /{batchId}/cancel`. */
export function batchCancelRoutes({ cancel }: ApiDeps) {
  return async (server: FastifyInstance): Promise<void> => {
    const options = { schema: cancelBatch, validatorCompiler: takeAsGiven };
    server.post<{ Params: { batchId: string } }>("/:batchId/cancel", options, async (request) => {
      const { batchId } = request.params;
      const cancellation = cancellationOf(request);
      const messageIds = messageIdsOf(batchId);
      const found = messageIds ? await cancel(messageIds, cancellation) : [];
      if (found.length === 0) {
        throw new Problem("not-found", "This account has no batch with that id.");
      }
      const canceled = found.filter(({ entry }) => entry.state.outcome === "CANCELED");
      return { batchId, canceledCount: canceled.length };
    });
  };
}

/** For an id that is no message of the caller's. */
export function unknownMessage(): Problem {
  return new Problem("not-found", "This account has no message with that id.");
}

function cancellationOf(request: FastifyRequest): Cancellation {
  const { reason = null } = parseGiven(CancelBody, request.body ?? {});
  return { account: callerOf(request), reason, headers: traceHeaders(request.headers) };
}

function ended(outcome: Outcome | null): Problem {
  return new Problem("ended", `It is too late to cancel: the message has ended as ${outcome}.`);
}
