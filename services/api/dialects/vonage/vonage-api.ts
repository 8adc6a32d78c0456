// Vonage's APIs: what they answer where a request is not served.
import { randomBytes } from "node:crypto";
import { type ErrorKind, VonageError, vonageErrorBody } from "#libs/dialects/vonage/api-error.ts";
import type { Answer } from "../../http/answer.ts";
import type { ApiDialect } from "../api-dialect.ts";
import { isVonagePath, vonageRoutes } from "./routes.ts";

/** By HTTP status; any other of the client's is a bad request under its own number. */
const KINDS: Readonly<Record<number, ErrorKind>> = {
  404: "not-found",
  500: "internal",
  503: "unavailable",
};

export const vonageApi: ApiDialect = {
  name: "vonage",
  owns: isVonagePath,
  routes: vonageRoutes,
  challenge: "Basic",
  refusalOf: (error) => (error instanceof VonageError ? answerOf(error) : undefined),
  answerTo: ({ status, advice }) => {
    const kind = KINDS[status];
    const detail = advice.charAt(0).toUpperCase() + advice.slice(1);
    return answerOf(
      kind ? new VonageError(kind) : new VonageError("bad-request", { status, detail }),
    );
  },
};

function answerOf(error: VonageError): Answer {
  const instance = randomBytes(16).toString("hex");
  return { status: error.status, body: vonageErrorBody(error, instance), errorId: instance };
}
