// `POST /v0.1/dispatch`: the messages of a workflow, each sent where the one before did not get as far
// as it should.
import type { SendRequest } from "#libs/contracts/generated/types.ts";
import type { Sending } from "#libs/dialects/dialect.ts";
import { judge } from "#libs/judgement/judge.ts";
import { dispatchError } from "./dispatch-error.ts";
import { parametersOf } from "./parameters-of-faults.ts";
import { readBody } from "./read-body.ts";
import { toRequest } from "./to-request.ts";

/** Throws VonageError with all that stands against it. */
export function parseDispatch(given: unknown, sending: Sending): SendRequest {
  const { account, now } = sending;
  const items = readBody(given);
  const { request, faults } = judge(toRequest(items, sending), { account, now });
  if (faults.length > 0) throw dispatchError(parametersOf(faults, { items, request }));
  return request;
}
