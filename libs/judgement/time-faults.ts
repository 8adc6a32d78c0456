// When a message may start, and until when. Measured against the instant at which it was asked for,
// so that a request that waited on its way is not wrong for that.
import { isInstant } from "#libs/contracts/bound.ts";
import { SCHEDULE_AHEAD_MAX_MS } from "#libs/fallback/inputs.ts";
import { type Fault, fault } from "./fault.ts";
import type { JudgedRequest } from "./requested-steps.ts";

const WORDS = "must be an ISO 8601 date and time";

type Timed = Pick<JudgedRequest, "scheduledAt" | "expiresAt" | "requestedAt">;

/** What stands against a request's instants. `now` is epoch ms. */
export function timeFaults({ scheduledAt, expiresAt, requestedAt }: Timed, now: number): Fault[] {
  return [
    ...scheduleFaults(scheduledAt, now),
    ...expiryFaults(expiresAt, scheduledAt, requestedAt),
  ];
}

function scheduleFaults(scheduledAt: number | null, now: number): Fault[] {
  if (scheduledAt === null) return [];
  if (!isInstant(scheduledAt)) return [fault("not-an-instant", "/scheduledAt", WORDS)];
  if (scheduledAt <= now + SCHEDULE_AHEAD_MAX_MS) return [];
  return [fault("schedule-too-far", "/scheduledAt", "is more than 30 days ahead")];
}

function expiryFaults(
  expiresAt: number | null,
  scheduledAt: number | null,
  requestedAt: number,
): Fault[] {
  const path = "/expiresAt";
  if (expiresAt === null) return [];
  if (!isInstant(expiresAt)) return [fault("not-an-instant", path, WORDS)];
  if (expiresAt <= requestedAt) return [fault("expires-too-early", path, "has passed")];
  if (scheduledAt === null || !(expiresAt <= scheduledAt)) return [];
  return [fault("expires-too-early", path, "comes before /scheduledAt")];
}
