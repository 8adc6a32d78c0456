// Errors of the native API: RFC 9457, with a code that a program can tell apart.
import type { FastifyReply, FastifyRequest } from "fastify";
import { RetriableError } from "#libs/errors.ts";
import { type HttpFault, httpFault } from "#libs/http/http-fault.ts";
import { loggedUrl } from "#libs/http/logged-url.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import type { Log } from "#libs/telemetry/log.ts";

/** Every code, with its usual status. */
export const problems = {
  "bad-request": { status: 400, title: "The request cannot be read" },
  "revision-missing": { status: 428, title: "It must be said which version is meant" },
  "revision-mismatch": { status: 412, title: "Another version is there than was said" },
  invalid: { status: 422, title: "The request is not valid" },
  "unknown-reference": { status: 422, title: "The setting names what is not there" },
  "no-flow": { status: 422, title: "It is not said which channels to try" },
  "unknown-flow": { status: 422, title: "The flow is unknown or not published" },
  "unknown-channel": { status: 422, title: "The account does not have the channel" },
  "unknown-sender": { status: 422, title: "The account does not have the sender" },
  "sms-fallback-off": { status: 422, title: "No SMS may follow that channel" },
  "no-recipient": { status: 422, title: "The recipient has no address" },
  "sms-without-text": { status: 422, title: "There is no text for the SMS" },
  "sms-too-long": { status: 422, title: "The SMS is too long" },
  "ttl-longer-than-wait": { status: 422, title: "A channel would try longer than its step waits" },
  "duplicate-client-message-id": { status: 422, title: "The batch has that client id twice" },
  "idempotency-key-reused": { status: 422, title: "The key came with another request before" },
  ended: { status: 409, title: "The message has ended" },
  "in-use": { status: 409, title: "Others need the setting as it is" },
  "too-many": { status: 409, title: "There are too many of them" },
  forbidden: { status: 403, title: "The API key may not do this" },
  unauthorized: { status: 401, title: "The API key is missing or unknown" },
  "not-found": { status: 404, title: "There is no such thing" },
  "internal-error": { status: 500, title: "Something is wrong on our side" },
  unavailable: { status: 503, title: "A part of the system is away" },
} as const;

const PROBLEM_TYPE = "application/problem+json";

export type ProblemCode = keyof typeof problems;
export const problemCodes = Object.keys(problems);
type ProblemMore = { status?: number; usedBy?: readonly string[] };

/** Ends a request with a problem. `detail` says what the caller should do. */
export class Problem extends Error {
  override name = "Problem";
  readonly code: ProblemCode;
  readonly status: number;
  /** Settings that stand against it. */
  readonly usedBy: readonly string[];

  constructor(code: ProblemCode, detail: string, more: ProblemMore = {}) {
    super(detail);
    this.code = code;
    this.status = more.status ?? problems[code].status;
    this.usedBy = more.usedBy ?? [];
  }
}

/** Answers whatever went wrong; faults of ours are logged and say nothing about themselves. */
export function answerProblem(
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
  log: Log,
): FastifyReply {
  const problem = toProblem(error, request);
  const { status } = problem;
  if (status >= 500) log.error({ err: error, url: loggedUrl(request) }, "request failed");
  if (status === 401) reply.header("www-authenticate", "Bearer");
  if (status === 503) reply.header("retry-after", "2");
  return reply.status(status).type(PROBLEM_TYPE).send(bodyOf(problem));
}

/** For what is no request yet, or no more. */
export function describeProblem(fault: HttpFault) {
  return { type: PROBLEM_TYPE, body: JSON.stringify(bodyOf(problemOf(fault))) };
}

function bodyOf({ code, status, message: detail, usedBy }: Problem) {
  const { title } = problems[code];
  const type = `urn:fallthrough:problem:${code}`;
  return { type, title, status, detail, code, ...(usedBy.length > 0 && { usedBy }) };
}

/** What the request is refused for; undefined for what is not the request's fault. */
export function refusedAs(error: unknown): Problem | undefined {
  if (error instanceof Problem) return error;
  if (!(error instanceof SettingRefusal)) return undefined;
  return new Problem(error.code, error.message, { usedBy: error.usedBy });
}

function toProblem(error: unknown, request: FastifyRequest): Problem {
  const refused = refusedAs(error);
  if (refused) return refused;
  if (error instanceof RetriableError) return new Problem("unavailable", "Try again in a moment.");
  const fault = httpFault(error, request);
  if (fault) return problemOf(fault);
  return new Problem("internal-error", "The log has the details.");
}

function problemOf({ advice, status }: HttpFault): Problem {
  const code = status === 404 ? "not-found" : "bad-request";
  return new Problem(code, `Mend this: ${advice}`, { status });
}
