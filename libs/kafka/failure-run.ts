// How many different records have failed by a bug, one after the other, with none in between that
// was handled: the difference between a record that is odd and a process that is broken.
import { FAILURE_RUN_MAX } from "#libs/errors.ts";

export type FailureRun = {
  /** A record was handled. */
  passed(): void;
  /** The record failed; one message that fails in many records counts once. */
  failed(key: string): void;
  isTooLong(): boolean;
};

/** Of one member of a group, over all its partitions. */
export function failureRun(): FailureRun {
  const keys = new Set<string>();
  return {
    passed: () => keys.clear(),
    failed: (key) => void keys.add(key),
    isTooLong: () => keys.size >= FAILURE_RUN_MAX,
  };
}
