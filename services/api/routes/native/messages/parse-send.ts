// A body of the native API becomes a request, or a Problem that tells all that is wrong with it.
import type { Step } from "#libs/contracts/generated/types.ts";
import { requestedSteps } from "#libs/message-flow/requested.ts";
import { givenParser } from "#libs/settings/setting.ts";
import { Problem } from "../problem.ts";
import { SendBody } from "./body.ts";
import { checkRequest } from "./check-request.ts";
import { type CheckedTtl, checkTtl } from "./check-ttl.ts";
import { faultsOf, type SendContext, toRequest } from "./to-request.ts";

const parseBody = givenParser(SendBody);

/** Throws SettingRefusal `invalid` for another shape, and Problem for what may not be sent. */
export function parseSend(given: unknown, context: SendContext): CheckedTtl {
  const body = parseBody(given);
  const faults = faultsOf(body, context.now);
  if (faults.length > 0) throw new Problem("invalid", `${faults.join("; ")}.`);
  const { account } = context;
  const request = toRequest(body, context);
  const steps: Step[] = requestedSteps(request, account).map((step) => ({
    content: null,
    ...step,
  }));
  checkRequest(request, steps, account);
  return checkTtl(request, { steps, policy: body.ttlPolicy, account });
}
