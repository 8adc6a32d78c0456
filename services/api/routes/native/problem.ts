// Errors of the native API: RFC 9457, with a code that a program can tell apart.
import type { FastifyReply, FastifyRequest } from "fastify";
import { RetriableError } from "#libs/errors.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { httpFault } from "../../http-fault.ts";

const problems = {
  "bad-request": { status: 400, title: "The request cannot be read" },
  unauthorized: { status: 401, title: "The API key is missing or unknown" },
  "not-found": { status: 404, title: "There is no such thing" },
  "internal-error": { status: 500, title: "Something is wrong on our side" },
  unavailable: { status: 503, title: "A part of the system is away" },
} as const;

export type ProblemCode = keyof typeof problems;

/** Ends a request with a problem. `detail` says what the caller should do. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;

  constructor(code: ProblemCode, detail: string, status: number = problems[code].status) {
    super(detail);
    this.code = code;
    this.status = status;
  }
}

/** Answers whatever went wrong; faults of ours are logged and say nothing about themselves. */
export function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): FastifyReply {
  const { code, status, message: detail } = toProblem(error);
  if (status >= 500) log.error({ err: error, url: request.url }, "request failed");
  if (status === 401) reply.header("www-authenticate", "Bearer");
  if (status === 503) reply.header("retry-after", "2");
  const { title } = problems[code];
  const body = { type: `urn:fallthrough:problem:${code}`, title, status, detail, code };
  return reply.status(status).type("application/problem+json").send(body);
}

function toProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof RetriableError) return new Problem("unavailable", "Try again in a moment.");
  const fault = httpFault(error);
  if (fault) return new Problem("bad-request", `Mend this: ${fault.advice}`, fault.status);
  return new Problem("internal-error", "The log has the details.");
}
