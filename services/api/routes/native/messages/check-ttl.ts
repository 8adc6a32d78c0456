// What becomes of a wait that ends while its channel may still deliver.

import { alignWaits, findTtlMismatches, type TtlMismatch } from "#libs/channel-ttl/align.ts";
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import type { Account } from "#libs/settings/account.ts";
import { Problem } from "../problem.ts";
import type { SendBody } from "./body.ts";

export type Warning = { code: "ttl-longer-than-wait"; path: string; detail: string };
export type CheckedTtl = { request: SendRequest; warnings: Warning[] };

type Policy = SendBody["ttlPolicy"];

/**
 * The request as `policy` wants it: warned of, or with its waits raised, which writes the steps into
 * it wherever they came from. A wait that cannot be raised far enough is warned of. Throws Problem
 * `ttl-longer-than-wait` for the policy `reject`.
 */
export function checkTtl(
  request: SendRequest,
  { steps, policy, account }: { steps: readonly Step[]; policy: Policy; account: Account },
): CheckedTtl {
  const mismatches = findTtlMismatches(steps, request.content, account);
  if (mismatches.length === 0) return { request, warnings: [] };
  if (policy === "reject") throw refusal(mismatches.map(warningOf));
  if (policy === "warn") return { request, warnings: mismatches.map(warningOf) };
  const aligned = alignWaits(steps, mismatches);
  const left = findTtlMismatches(aligned, request.content, account);
  return { request: { ...request, steps: aligned }, warnings: left.map(warningOf) };
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

function refusal(warnings: readonly Warning[]): Problem {
  const told = warnings.map(({ path, detail }) => `${path}: ${detail}`);
  return new Problem("ttl-longer-than-wait", told.join(" "));
}
