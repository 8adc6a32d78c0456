// An invocation as it would be taken. Which flow it starts is said by its path.
import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { KaleyraError, kaleyraErrorBody } from "#libs/dialects/kaleyra/api-error.ts";
import { SendRefused } from "#libs/dialects/send-refused.ts";
import { ShapeError } from "#libs/json/parse-given.ts";
import { parseInvocation } from "./parse-invocation.ts";

const NO_FLOW = {
  path: "/flowId",
  words: "must be the workflow instance that the invocation's path names",
  keyword: "required",
};

/** Throws SendRefused; ShapeError where no flow is named. */
export function readSend(given: unknown, { flowId, ...sending }: Sending): ReadSend {
  if (flowId === null) throw new ShapeError([NO_FLOW]);
  try {
    return parseInvocation(given, { ...sending, flowId });
  } catch (error) {
    throw error instanceof KaleyraError ? refused(error) : error;
  }
}

function refused(error: KaleyraError): SendRefused {
  const { status, errorCode, message } = error;
  return new SendRefused(`${errorCode}: ${message}`, { status, body: kaleyraErrorBody(error) });
}
