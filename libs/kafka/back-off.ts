// How long a partition waits after a fault, counted by partition over its batches.
import { backOffCount } from "./metrics.ts";
import type { Place } from "./reader.ts";

const FIRST_WAIT_MS = 100;
/** Timers are promised to be out 2 s after a fault has healed: the longest wait is well below. */
const LONGEST_WAIT_MS = 1_000;

export type BackOffs = {
  /** 100, 200, 400, 800, 1000, 1000 ... ms, each shortened by up to a fifth so that none march in step. */
  next(place: Place): number;
  /** Records of the partition were handled: it begins anew. */
  reset(place: Place): void;
};

/** Of one member of a group. */
export function backOffs(group: string): BackOffs {
  const faultCounts = new Map<string, number>();
  return {
    next({ topic, partition }) {
      const place = `${topic}/${partition}`;
      const count = faultCounts.get(place) ?? 0;
      faultCounts.set(place, count + 1);
      backOffCount.inc({ group, topic });
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(count, 10));
      return Math.round(waitMs * (1 - Math.random() / 5));
    },
    reset({ topic, partition }) {
      faultCounts.delete(`${topic}/${partition}`);
    },
  };
}
