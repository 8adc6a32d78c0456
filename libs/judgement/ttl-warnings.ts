import type { TtlMismatch } from "#libs/channel-ttl/align.ts";
import { WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import type { RequestWarning } from "./warnings.ts";

/**
 * A warning of each wait that ends while its channel may still deliver. No wait is advised that is
 * longer than a dialect can say, seconds.
 */
export function ttlWarnings(
  mismatches: readonly TtlMismatch[],
  waitSecondsMax = WAIT_SECONDS_MAX,
): RequestWarning[] {
  return mismatches.map((mismatch) => {
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
  });
}
