// What becomes of a wait that ends while its channel may still deliver.
import { alignWaits, findTtlMismatches, type TtlMismatch } from "#libs/channel-ttl/align.ts";
import { matchTtls } from "#libs/channel-ttl/match.ts";
import type { Step } from "#libs/contracts/generated/types.ts";
import { WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import type { Account } from "#libs/settings/account.ts";
import { type Fault, fault } from "./fault.ts";
import { reachingSteps } from "./recipient-faults.ts";
import { type JudgedRequest, type RequestedStep, requestedSteps } from "./requested-steps.ts";
import type { RequestWarning } from "./warnings.ts";

export type TtlRule = {
  /** What the sender wishes; without a word it is warned. */
  ttlPolicy?: "warn" | "align" | "reject" | "match" | undefined;
  /** No wait is advised that is longer than a dialect can say, seconds. */
  waitSecondsMax?: number;
};

type CheckedTtl<Request> = { request: Request; warnings: RequestWarning[]; faults: Fault[] };

/**
 * The request as its policy wants it: warned of, or with its waits raised, or with its TTLs at the waits;
 * both write the steps into it wherever they came from. A wait that cannot be raised far enough is warned of. For the policy
 * `reject` the mismatches are faults.
 */
export function checkTtl<Request extends JudgedRequest>(
  request: Request,
  account: Account,
  { ttlPolicy = "warn", waitSecondsMax = WAIT_SECONDS_MAX }: TtlRule,
): CheckedTtl<Request> {
  const steps: Step[] = flowSteps(request, account).map((step) => ({ ...nothingOwn, ...step }));
  if (ttlPolicy === "match") return matched(request, steps, account);
  const mismatches = findTtlMismatches(steps, request.content, account);
  const warnings = mismatches.map((each) => toWarning(each, waitSecondsMax));
  if (ttlPolicy === "reject") return { request, warnings: [], faults: warnings.map(toFault) };
  if (ttlPolicy === "warn" || mismatches.length === 0) return { request, warnings, faults: [] };
  const aligned = alignWaits(steps, mismatches);
  const left = findTtlMismatches(aligned, request.content, account);
  return {
    request: { ...request, steps: aligned },
    warnings: left.map((each) => toWarning(each, waitSecondsMax)),
    faults: [],
  };
}

/** Where a channel takes no such TTL, the sender is told. */
function matched<Request extends JudgedRequest>(
  request: Request,
  given: readonly Step[],
  account: Account,
): CheckedTtl<Request> {
  const { steps, unmatched } = matchTtls(given, request.content, account);
  const warnings = unmatched.map(({ stepIndex, channel, waitSeconds, nearest }) => {
    const why =
      nearest === null
        ? `cannot be the wait: ${channel} takes no TTL with this message, and may deliver it after ${waitSeconds} s`
        : `is ${nearest.seconds} s and not the wait of ${waitSeconds} s: ${channel} takes ${nearest.minimum} to ${nearest.maximum} s`;
    return { code: "ttl-not-matched", path: `/steps/${stepIndex}/ttlSeconds`, words: why } as const;
  });
  return { request: { ...request, steps }, warnings, faults: [] };
}

/** A flow's steps that do not reach the person say nothing of waits, and are not written anywhere. */
function flowSteps(request: JudgedRequest, account: Account): readonly RequestedStep[] {
  const steps = requestedSteps(request, account);
  return request.steps.length > 0 ? steps : reachingSteps(steps, request.recipient);
}

function toWarning(mismatch: TtlMismatch, waitSecondsMax: number): RequestWarning {
  const { stepIndex, waitSeconds, ttlSeconds, alignedSeconds } = mismatch;
  const advice =
    alignedSeconds === null || alignedSeconds > waitSecondsMax
      ? "give the template or the step a shorter TTL"
      : `wait ${alignedSeconds} s, or give the template or the step a shorter TTL`;
  return {
    code: "ttl-longer-than-wait",
    path: `/steps/${stepIndex}/waitSeconds`,
    words: `is too short. The channel may deliver for ${ttlSeconds} s, the next one starts after ${waitSeconds} s, and the person may get both: ${advice}`,
  };
}

function toFault({ path, words }: RequestWarning): Fault {
  return fault("ttl-longer-than-wait", path, words);
}
