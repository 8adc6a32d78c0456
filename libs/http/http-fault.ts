// Requests that the HTTP layer itself refuses, before any route has seen them.
import { errorCodes, type FastifyRequest } from "fastify";

export type HttpFault = {
  status: number;
  /** What to mend, as the end of a sentence. */
  advice: string;
  /** Of 429 and 503: when it may be asked again. */
  retryAfterSeconds?: number;
};

/** The advice as a sentence that stands alone. */
export function adviceSentence({ advice }: HttpFault): string {
  return advice.charAt(0).toUpperCase() + advice.slice(1);
}

/** A request that the HTTP layer refuses by a rule of ours. */
export class HttpRefusal extends Error {
  override name = "HttpRefusal";
  readonly fault: HttpFault;

  constructor(fault: HttpFault) {
    super(fault.advice);
    this.fault = fault;
  }
}

/** What is wrong with the request; undefined for a fault that is not the client's. */
export function httpFault(error: unknown, request: FastifyRequest): HttpFault | undefined {
  if (error instanceof HttpRefusal) return error.fault;
  if (error instanceof errorCodes.FST_ERR_CTP_BODY_TOO_LARGE) {
    const kibMax = request.routeOptions.bodyLimit / 1024;
    return { status: 413, advice: `the body is larger than ${kibMax} KiB.` };
  }
  if (error instanceof errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE) {
    return { status: 415, advice: "the content type must be application/json." };
  }
  if (error instanceof errorCodes.FST_ERR_BAD_URL) {
    return { status: 400, advice: "the path has a percent sign that encodes nothing." };
  }
  if (error instanceof errorCodes.FST_ERR_MAX_PARAM_LENGTH) {
    return { status: 414, advice: "a part of the path is longer than any id." };
  }
  return clientsFault(error);
}

/** Whatever else fastify calls the client's own fault. */
function clientsFault(error: unknown): HttpFault | undefined {
  if (!(error instanceof Error) || !("statusCode" in error)) return undefined;
  const { statusCode: status, message } = error;
  if (typeof status !== "number" || status < 400 || status >= 500) return undefined;
  return { status, advice: `${message}.` };
}
