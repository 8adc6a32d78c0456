// What the steps of a request say that no step can.
import type { Step } from "#libs/contracts/generated/types.ts";
import { STEP_COUNT_MAX, TTL_SECONDS_MAX, WAIT_SECONDS_MAX } from "#libs/contracts/limits.ts";
import { type Fault, fault } from "./fault.ts";
import { unknownWords } from "./unknown-words.ts";

/** Faults of each by itself. */
export function stepFaults(steps: readonly Step[]): Fault[] {
  if (steps.length > STEP_COUNT_MAX) {
    return [fault("too-many-steps", "/steps", `has more than ${STEP_COUNT_MAX} of them`)];
  }
  return steps.flatMap((step, index) => {
    const { wanted, onFailure } = step;
    const words = unknownWords({ wanted, onFailure }, `/steps/${index}`);
    return [...words, ...rangeFaults(step, index)];
  });
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
