// What 8x8's answer has no room for: advice on a message that was accepted all the same.
import { findTtlMismatches } from "#libs/channel-ttl/align.ts";
import type { Content } from "#libs/contracts/generated/types.ts";
import type { RequestedStep } from "#libs/judgement/requested-steps.ts";
import type { RequestWarning } from "#libs/judgement/warnings.ts";
import type { Account } from "#libs/settings/account.ts";
import { FALLBACK_AFTER_MAX } from "./parse-channels.ts";

export type Warning = {
  code: "ttl-longer-than-wait" | "sms-without-text" | RequestWarning["code"];
  path: string;
  detail: string;
};

/** A header of ours, with a JSON array of warnings; absent where there are none. */
export const WARNINGS_HEADER = "fallthrough-warnings";

/** JSON that a header can carry: whatever is no ASCII is escaped. */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replaceAll(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

/** Of steps that are left while their channel may still deliver. */
export function ttlWarnings(
  steps: readonly RequestedStep[],
  said: Content,
  account: Account,
): Warning[] {
  return findTtlMismatches(steps, said, account).map((mismatch) => {
    const { stepIndex, waitSeconds, ttlSeconds, alignedSeconds } = mismatch;
    const advice =
      alignedSeconds === null || alignedSeconds > FALLBACK_AFTER_MAX
        ? "give the template a shorter TTL"
        : `wait ${alignedSeconds} s, or give the template a shorter TTL`;
    return {
      code: "ttl-longer-than-wait",
      path: `channels[${stepIndex}].fallbackAfter`,
      detail: `The channel may deliver for ${ttlSeconds} s, the next one starts after ${waitSeconds} s, and the person may get both: ${advice}.`,
    };
  });
}
