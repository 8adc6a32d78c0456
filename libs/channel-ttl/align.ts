// Waits that are shorter than the channel goes on trying: told, mended or refused, as the sender
// wishes. 8x8's guide: "Set your fallbackAfter duration to exceed the WhatsApp template's TTL".
import type { Content } from "#libs/contracts/generated/types.ts";
import { WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import type { Account } from "#libs/settings/account.ts";
import { channelTtl } from "./channel-ttl.ts";

/** Receipts of the last second are still on their way when the TTL ends. */
const MARGIN_SECONDS = 60;

export type TimedStep = {
  channel: string;
  waitSeconds: number | null;
  ttlSeconds: number | null;
  content?: Content | null | undefined;
};

export type TtlMismatch = {
  stepIndex: number;
  waitSeconds: number;
  ttlSeconds: number;
  /** The wait that would do, seconds; null where it is beyond the longest wait. */
  alignedSeconds: number | null;
};

/**
 * The steps that are left by time while their channel may still deliver, as far as a step, a template
 * or a direct send says how long that is. The last step is left by nothing that follows it.
 */
export function findTtlMismatches(
  steps: readonly TimedStep[],
  content: Content,
  account: Account,
): TtlMismatch[] {
  return steps.slice(0, -1).flatMap((step, stepIndex) => {
    const { waitSeconds } = step;
    const ttl = channelTtl(step, step.content ?? content, account);
    if (waitSeconds === null || ttl.source === "channel" || waitSeconds > ttl.seconds) return [];
    const aligned = ttl.seconds + MARGIN_SECONDS;
    const alignedSeconds = aligned <= WAIT_SECONDS_MAX ? aligned : null;
    return [{ stepIndex, waitSeconds, ttlSeconds: ttl.seconds, alignedSeconds }];
  });
}

/** The steps with every wait raised that can be; what cannot be is found again by `findTtlMismatches`. */
export function alignWaits<Step extends TimedStep>(
  steps: readonly Step[],
  mismatches: readonly TtlMismatch[],
): Step[] {
  const waits = new Map(mismatches.map((each) => [each.stepIndex, each.alignedSeconds]));
  return steps.map((step, index) => ({
    ...step,
    waitSeconds: waits.get(index) ?? step.waitSeconds,
  }));
}
