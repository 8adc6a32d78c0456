// How many cores a figure is of.
import type { Machine } from "../figures/results.ts";

/** Those that what is measured has. */
export function measuredCores({ pinned, cores }: Machine): number {
  return pinned === null ? cores : coreCount(pinned.measured);
}

/** Of `2` or `2-3`. */
export function coreCount(list: string): number {
  const [first = 0, last = first] = list.split("-").map(Number);
  return last - first + 1;
}

export function coresWord(count: number): string {
  return count === 1 ? "a core" : `${count} cores`;
}
