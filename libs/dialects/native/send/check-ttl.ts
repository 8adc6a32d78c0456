// What becomes of a wait that ends while its channel may still deliver.

import { alignWaits, findTtlMismatches, type TtlMismatch } from "#libs/channel-ttl/align.ts";
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { type Fault, fault } from "#libs/judgement/fault.ts";
import { reachingSteps } from "#libs/judgement/recipient-faults.ts";
import { type RequestedStep, requestedSteps } from "#libs/judgement/requested-steps.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";
import type { Account } from "#libs/settings/account.ts";
import type { SendBody } from "./body.ts";

export type Warning = {
  code: "ttl-longer-than-wait" | RequestWarning["code"];
  path: string;
  detail: string;
};
export type CheckedTtl = { request: SendRequest; warnings: Warning[] };

type Policy = SendBody["ttlPolicy"];

/**
 * The request as `policy` wants it: warned of, or with its waits raised, which writes the steps into
 * it wherever they came from. A wait that cannot be raised far enough is warned of. For the policy
 * `reject` the mismatches are faults.
 */
export function checkTtl(
  request: SendRequest,
  { policy, account }: { policy: Policy; account: Account },
): CheckedTtl & { faults: Fault[] } {
  const steps: Step[] = flowSteps(request, account).map((step) => ({ content: null, ...step }));
  const mismatches = findTtlMismatches(steps, request.content, account);
  const warnings = mismatches.map(warningOf);
  if (policy === "reject") return { request, warnings: [], faults: warnings.map(toFault) };
  if (policy === "warn" || mismatches.length === 0) return { request, warnings, faults: [] };
  const aligned = alignWaits(steps, mismatches);
  const left = findTtlMismatches(aligned, request.content, account);
  return {
    request: { ...request, steps: aligned },
    warnings: left.map(warningOf),
    faults: [],
  };
}

/** A flow's steps that do not reach the person say nothing of waits, and are not written anywhere. */
function flowSteps(request: SendRequest, account: Account): readonly RequestedStep[] {
  const steps = requestedSteps(request, account);
  return request.steps.length > 0 ? steps : reachingSteps(steps, request.recipient);
}

/** A warning in words for the sender. */
function warningOf(mismatch: TtlMismatch): Warning {
  const { stepIndex, waitSeconds, ttlSeconds, alignedSeconds } = mismatch;
  const advice =
    alignedSeconds === null
      ? "give the step, or its template, a shorter TTL"
      : `wait ${alignedSeconds} s, or give the step a shorter TTL`;
  return {
    code: "ttl-longer-than-wait",
    path: `/steps/${stepIndex}/waitSeconds`,
    detail: `The channel may deliver for ${ttlSeconds} s, the next step starts after ${waitSeconds} s, and the person may get both: ${advice}.`,
  };
}

function toFault({ path, detail }: Warning): Fault {
  return fault("ttl-longer-than-wait", path, `is too short. ${detail.slice(0, -1)}`);
}
