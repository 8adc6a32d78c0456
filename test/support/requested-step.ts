import type { Step } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";

/** A step of a request, as it is decoded: every field is there. */
export function requestedStep(channel: string, more: Partial<Step> = {}): Step {
  return {
    channel,
    sender: null,
    waitSeconds: null,
    wanted: "DELIVERED",
    onFailure: "NEXT",
    ttlSeconds: null,
    ...nothingOwn,
    ...more,
  };
}

/** Somebody who is reached under a number. */
export function numbered(msisdn: string) {
  return { msisdn, country: null, channelUserIds: {} };
}
