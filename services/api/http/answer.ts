// How whatever goes wrong is answered: the words are a dialect's, the rest is the same for all.
import type { FastifyReply, FastifyRequest } from "fastify";
import { RetriableError } from "#libs/errors.ts";
import { type HttpFault, httpFault } from "#libs/http/http-fault.ts";
import { JSON_TYPE } from "#libs/http/json-type.ts";
import { loggedUrl } from "#libs/http/logged-url.ts";
import { NearlyFullError } from "#libs/redis/memory-watch.ts";
import type { Log } from "#libs/telemetry/log.ts";
import { PartlyAcceptedError } from "../messages/accept-messages.ts";
import { slowDown } from "./wrong-keys.ts";

/** A Redis that is full has room again once messages have ended: that takes more than a moment. */
const FULL_RETRY_SECONDS = 10;

/** An answer to a request that was not served. */
export type Answer = {
  status: number;
  /** The content type, where it is not plain JSON. */
  type?: string;
  body: object;
  /** Whoever asked has not proved who it is; 401 says so by itself. */
  isStranger?: boolean;
  /** What the log is to know it by, where the body names it. */
  errorId?: string;
};

/** A dialect's words for what goes wrong. */
export type AnswerWords = {
  /** For what it refuses itself, and what a lib refuses of a body; undefined for any other error. */
  refusalOf: (error: unknown) => Answer | undefined;
  /** For a request that is none or has no route, for 503 (a part is away) and 500 (a fault of ours). */
  answerTo: (fault: HttpFault) => Answer;
  /** The scheme that a request without a good key is told to use: `WWW-Authenticate`. */
  challenge: string;
};

type Exchange = { request: FastifyRequest; reply: FastifyReply; log: Log };

/** Answers an error. Faults of ours are logged and say nothing about themselves. */
export async function answerError(
  error: unknown,
  { request, reply, log }: Exchange,
  { refusalOf, answerTo, challenge }: AnswerWords,
): Promise<FastifyReply> {
  const fault = faultOf(error, request);
  const refused = refusalOf(error) ?? answerTo(fault);
  const slowed = isStranger(refused) ? await slowDown(request.ip) : null;
  const answer = slowed ? answerTo(slowed) : refused;
  const { retryAfterSeconds } = slowed ?? fault;
  if (answer.status === 429 && retryAfterSeconds !== undefined) {
    reply.header("retry-after", String(retryAfterSeconds));
  }
  const { status, type = JSON_TYPE, body, errorId } = answer;
  if (status >= 500) {
    const known = errorId === undefined ? {} : { errorId };
    log.error({ err: error, ...known, url: loggedUrl(request) }, "request failed");
  }
  if (status === 401) reply.header("www-authenticate", challenge);
  if (status === 503) reply.header("retry-after", String(fault.retryAfterSeconds ?? 2));
  return reply.status(status).type(type).send(body);
}

function isStranger({ status, isStranger: isOne = false }: Answer): boolean {
  return status === 401 || isOne;
}

function faultOf(error: unknown, request: FastifyRequest): HttpFault {
  if (error instanceof PartlyAcceptedError) return { status: 503, advice: adviceOf(error) };
  if (error instanceof NearlyFullError) {
    const advice = "no new messages are taken at the moment. Send this one again in 10 s.";
    return { status: 503, advice, retryAfterSeconds: FULL_RETRY_SECONDS };
  }
  if (error instanceof RetriableError) return { status: 503, advice: "try again in a moment." };
  return httpFault(error, request) ?? { status: 500, advice: "the log has the details." };
}

function adviceOf({ acceptedCount }: PartlyAcceptedError): string {
  return `the first ${acceptedCount} valid messages were accepted. Send the others again in a moment.`;
}
