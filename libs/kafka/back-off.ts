// How long a partition waits after a fault, counted by group and partition over its batches.
import type { Batch } from "kafkajs";
import { backOffCount } from "./metrics.ts";

const FIRST_WAIT_MS = 100;
/** Timers are promised to be out 2 s after a fault has healed: the longest wait is well below. */
const LONGEST_WAIT_MS = 1_000;

const faultCounts = new Map<string, number>();

/** 100, 200, 400, 800, 1000, 1000 ... ms, each shortened by up to a fifth so that none march in step. */
export function backOffs(group: string, { topic, partition }: Pick<Batch, "topic" | "partition">) {
  const place = `${group}/${topic}/${partition}`;
  return {
    next(): number {
      const count = faultCounts.get(place) ?? 0;
      faultCounts.set(place, count + 1);
      backOffCount.inc({ group, topic });
      const waitMs = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** Math.min(count, 10));
      return Math.round(waitMs * (1 - Math.random() / 5));
    },
    reset(): void {
      faultCounts.delete(place);
    },
  };
}
