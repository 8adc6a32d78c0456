// What the steps of a request say that no step can.
import type { Step } from "#libs/contracts/generated/types.ts";
import { STEP_COUNT_MAX, TTL_SECONDS_MAX, WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import { type Fault, fault } from "./fault.ts";

/** Words of a newer contract are not guessed at: a step would do what nobody asked for. */
export function stepFaults(steps: readonly Step[]): Fault[] {
  if (steps.length > STEP_COUNT_MAX) {
    return [fault("too-many-steps", "/steps", `has more than ${STEP_COUNT_MAX} of them`)];
  }
  return steps.flatMap((step, index) => [...wordFaults(step, index), ...rangeFaults(step, index)]);
}

function wordFaults({ wanted, onFailure }: Step, index: number): Fault[] {
  const unknown = Object.entries({ wanted, onFailure }).filter(([, word]) => word === "UNKNOWN");
  return unknown.map(([member]) =>
    fault("unknown-word", `/steps/${index}/${member}`, "is a word that is not known here"),
  );
}

function rangeFaults({ waitSeconds, ttlSeconds }: Step, index: number): Fault[] {
  const path = `/steps/${index}`;
  return [
    ...(isWithin(waitSeconds, WAIT_SECONDS_MAX)
      ? []
      : [fault("impossible-wait", `${path}/waitSeconds`, secondsWords(WAIT_SECONDS_MAX))]),
    ...(isWithin(ttlSeconds, TTL_SECONDS_MAX)
      ? []
      : [fault("out-of-range", `${path}/ttlSeconds`, secondsWords(TTL_SECONDS_MAX))]),
  ];
}

function isWithin(seconds: number | null, max: number): boolean {
  return seconds === null || (seconds >= 1 && seconds <= max);
}

function secondsWords(max: number): string {
  return `must be from 1 to ${max} seconds`;
}
