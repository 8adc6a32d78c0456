// How long something takes, in words.
import { setTimeout as sleep } from "node:timers/promises";

const LIMIT_MS = 120_000;

export async function timed(work: () => Promise<unknown>): Promise<string> {
  const startedAt = performance.now();
  await work();
  return shown(performance.now() - startedAt);
}

/** The median and the slowest of some, one after the other. */
export async function typical(work: () => Promise<unknown>, count = 9): Promise<string> {
  const took: number[] = [];
  for (let each = 0; each < count; each++) {
    const startedAt = performance.now();
    await work();
    took.push(performance.now() - startedAt);
  }
  took.sort((a, b) => a - b);
  return `${shown(took[count >> 1] ?? 0)} (slowest ${shown(took.at(-1) ?? 0)})`;
}

/** Looks every 20 ms; throws after two minutes, with `whatIs` there then. */
export async function until(
  isDone: () => Promise<boolean>,
  whatIs: () => Promise<string> = async () => "",
): Promise<void> {
  const deadline = performance.now() + LIMIT_MS;
  while (!(await isDone())) {
    if (performance.now() > deadline) throw new Error(`It takes too long. ${await whatIs()}`);
    await sleep(20);
  }
}

function shown(ms: number): string {
  return ms < 1_000 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(1)} s`;
}

export function counted(words: readonly unknown[]): string {
  const groups = Map.groupBy(words, String);
  return [...groups].map(([word, { length }]) => `${word} ${length} times`).join(", ");
}
