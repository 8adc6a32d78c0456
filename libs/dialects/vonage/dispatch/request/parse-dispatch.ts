// `POST /v0.1/dispatch`: the messages of a workflow, each sent where the one before did not get as far
// as it should.
import type { ReadSend, Sending } from "#libs/dialects/dialect.ts";
import { toldWarning } from "#libs/dialects/told-warning.ts";
import { judge } from "#libs/judgement/judge.ts";
import { dispatchError } from "./dispatch-error.ts";
import { parameterOf, parametersOf } from "./parameters-of-faults.ts";
import { readBody } from "./read-body.ts";
import { toRequest } from "./to-request.ts";

/** What is to be sent, and what is to be known of it. Throws VonageError with all that stands against it. */
export function parseDispatch(given: unknown, sending: Sending): ReadSend {
  const { account, now } = sending;
  const items = readBody(given);
  const { request, faults, warnings } = judge(toRequest(items, sending), { account, now });
  if (faults.length > 0) throw dispatchError(parametersOf(faults, { items, request }));
  const told = warnings.map((each) =>
    toldWarning(each, { path: parameterOf(each, { items, request }) }),
  );
  return { request, warnings: told };
}
