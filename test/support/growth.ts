import { cpuMs } from "./cpu-ms.ts";
import { leastOf } from "./least-of.ts";

/** Between what is linear, which is 4, and what is quadratic, 16, where no constant part hides it. */
export const LINEAR_GROWTH_MAX = 8;
/** Some kernels count a thread's CPU in ticks of so much: what is refused at once costs none. */
const CPU_TICK_MS = 10;

/**
 * How many times as much CPU a piece of work takes for four times the size, the least of up to three measurements: a
 * neighbour on the same core slows down what has grown out of its cache, but makes nothing quadratic look linear. Choose a
 * size whose square would take more than some 50 ms for the larger one: below, a tick of the clock is forgiven.
 */
export async function growthOf(run: (size: number) => unknown, size: number): Promise<number> {
  return await leastOf(() => measureGrowth(run, size), LINEAR_GROWTH_MAX);
}

async function measureGrowth(run: (size: number) => unknown, size: number): Promise<number> {
  const small = await middleCpuMs(() => run(size));
  const large = await middleCpuMs(() => run(4 * size));
  return large / (small + CPU_TICK_MS / LINEAR_GROWTH_MAX);
}

/** CPU ms of this thread for one run: the middle of seven, whatever else the machine does. */
async function middleCpuMs(run: () => unknown): Promise<number> {
  const spent: number[] = [];
  for (let round = 0; round < 9; round++) {
    const before = cpuMs();
    await run();
    spent.push(cpuMs() - before);
  }
  // The first two compile.
  return spent.slice(2).toSorted((a, b) => a - b)[3]!;
}
