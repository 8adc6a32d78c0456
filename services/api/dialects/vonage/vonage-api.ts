// Vonage's APIs: what they answer where a request is not served.
import { randomBytes } from "node:crypto";
import { type ErrorKind, VonageError, vonageErrorBody } from "#libs/dialects/vonage/api-error.ts";
import { errorOfFaults } from "#libs/dialects/vonage/messages/error-of-faults.ts";
import { adviceSentence, type HttpFault, HttpRefusal } from "#libs/http/http-fault.ts";
import { RequestRefused } from "#libs/judgement/request-refused.ts";
import type { Answer } from "../../http/answer.ts";
import type { ApiDialect } from "../api-dialect.ts";
import { isVonagePath, vonageRoutes } from "./routes.ts";

/** By HTTP status; any other of the client's is a bad request under its own number. */
const KIND_OF_STATUS: Readonly<Record<number, ErrorKind>> = {
  404: "not-found",
  429: "throttled",
  500: "internal",
  503: "unavailable",
};

export const vonageApi: ApiDialect = {
  name: "vonage",
  owns: isVonagePath,
  routes: vonageRoutes,
  challenge: "Basic",
  refusalOf: (error) => {
    const refused = error instanceof RequestRefused ? errorOfFaults(error.faults, []) : error;
    if (refused instanceof VonageError) return answerOf(refused);
    // A body that cannot be read; of whatever else HTTP itself refuses, fastify tells.
    const isBody = error instanceof HttpRefusal && error.fault.status === 400;
    return isBody ? answerOf(new VonageError("invalid-json", detailOf(error.fault))) : undefined;
  },
  answerTo: (fault) => {
    const kind = KIND_OF_STATUS[fault.status];
    if (kind) return answerOf(new VonageError(kind));
    return answerOf(new VonageError("bad-request", { status: fault.status, ...detailOf(fault) }));
  },
};

function detailOf(fault: HttpFault): { detail: string } {
  return { detail: adviceSentence(fault) };
}

function answerOf(error: VonageError): Answer {
  const instance = randomBytes(16).toString("hex");
  return { status: error.status, body: vonageErrorBody(error, instance), errorId: instance };
}
