// Faults as application/problem+json (RFC 9457), for listeners without words of their own.
import { STATUS_CODES } from "node:http";
import type { FastifyReply, FastifyRequest } from "fastify";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { adviceSentence, type HttpFault, httpFault } from "./http-fault.ts";

/** What a client is asked to wait before it tries again. */
const RETRY_AFTER_SECONDS = 1;

/** Of a problem without a type of its own the title is the status' phrase (RFC 9457, section 4.2.1). */
export function describePlainly(fault: HttpFault) {
  const { status } = fault;
  const title = STATUS_CODES[status];
  const body = JSON.stringify({
    type: "about:blank",
    title,
    status,
    detail: adviceSentence(fault),
  });
  return { type: "application/problem+json", body };
}

/** Answers a fault: 503 if it may pass, the client's own as 4xx, a bug as 500, which is logged. */
export function plainProblem(log: Log) {
  return (error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    const fault = httpFault(error, request) ?? ours(error);
    if (fault.status >= 500) log.error({ err: error }, "a request could not be answered");
    if (fault.status === 503) reply.header("retry-after", RETRY_AFTER_SECONDS);
    const { type, body } = describePlainly(fault);
    return reply.status(fault.status).type(type).send(body);
  };
}

function ours(error: unknown): HttpFault {
  if (error instanceof RetriableError) return { status: 503, advice: "try again in a moment." };
  return { status: 500, advice: "the log has the details." };
}
