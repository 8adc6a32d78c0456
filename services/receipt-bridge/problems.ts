// Refusals as application/problem+json (RFC 9457), so that a carrier knows whether to post again.
import type { FastifyError, FastifyReply, FastifyRequest } from "fastify";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";

/** What a carrier is asked to wait before it posts again. */
const RETRY_AFTER_SECONDS = 1;

/** Answers a fault: 503 if it may pass, the client's own fault as 4xx, a bug as 500. */
export function problemAnswer(log: Log) {
  return (error: FastifyError | RetriableError, _request: FastifyRequest, reply: FastifyReply) => {
    if (error instanceof RetriableError) {
      log.warn({ err: error }, "receipts cannot be taken now");
      void reply.header("retry-after", RETRY_AFTER_SECONDS);
      return problem(reply, 503, "Receipts cannot be taken now.");
    }
    const statusCode = error.statusCode ?? 500;
    if (statusCode < 500) return problem(reply, statusCode, error.message);
    log.error({ err: error }, "a receipt could not be handled");
    return problem(reply, 500, "The receipt could not be handled.");
  };
}

export function answerUnknownPath(request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return problem(reply, 404, `There is no ${request.method} ${request.url}.`);
}

function problem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  const body = JSON.stringify({ type: "about:blank", status, detail });
  return reply.code(status).type("application/problem+json").send(body);
}
