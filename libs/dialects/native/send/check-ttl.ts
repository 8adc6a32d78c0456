// What becomes of a wait that ends while its channel may still deliver.

import { alignWaits, findTtlMismatches } from "#libs/channel-ttl/align.ts";
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { type Fault, fault } from "#libs/judgement/fault.ts";
import { reachingSteps } from "#libs/judgement/recipient-faults.ts";
import { type RequestedStep, requestedSteps } from "#libs/judgement/requested-steps.ts";
import { ttlWarnings } from "#libs/judgement/ttl-warnings.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";
import type { Account } from "#libs/settings/account.ts";
import type { SendBody } from "./body.ts";

type CheckedTtl = { request: SendRequest; warnings: RequestWarning[]; faults: Fault[] };

type Policy = SendBody["ttlPolicy"];

/**
 * The request as `policy` wants it: warned of, or with its waits raised, which writes the steps into
 * it wherever they came from. A wait that cannot be raised far enough is warned of. For the policy
 * `reject` the mismatches are faults.
 */
export function checkTtl(
  request: SendRequest,
  { policy, account }: { policy: Policy; account: Account },
): CheckedTtl {
  const steps: Step[] = flowSteps(request, account).map((step) => ({ content: null, ...step }));
  const mismatches = findTtlMismatches(steps, request.content, account);
  const warnings = ttlWarnings(mismatches);
  if (policy === "reject") return { request, warnings: [], faults: warnings.map(toFault) };
  if (policy === "warn" || mismatches.length === 0) return { request, warnings, faults: [] };
  const aligned = alignWaits(steps, mismatches);
  const left = findTtlMismatches(aligned, request.content, account);
  return {
    request: { ...request, steps: aligned },
    warnings: ttlWarnings(left),
    faults: [],
  };
}

/** A flow's steps that do not reach the person say nothing of waits, and are not written anywhere. */
function flowSteps(request: SendRequest, account: Account): readonly RequestedStep[] {
  const steps = requestedSteps(request, account);
  return request.steps.length > 0 ? steps : reachingSteps(steps, request.recipient);
}

function toFault({ path, words }: RequestWarning): Fault {
  return fault("ttl-longer-than-wait", path, words);
}
