// One measurement: what the work tells, with the CPU of each process for each event, and what others did meanwhile.
import type { Sample } from "./figures/results.ts";
import { cpuOf, machineMs, ourMs, type Watched } from "./machine/cpu.ts";

type Measured = {
  /** The processes whose CPU is told, by name. */
  watched: Watched;
  eventCount: number;
};
type Work = () => Promise<Record<string, number>>;

/** Runs the work, which tells its figures. */
export function measure({ watched, eventCount }: Measured, work: Work): Promise<Sample> {
  return measureCounted(watched, async () => ({ figures: await work(), eventCount }));
}

type Counted = { figures: Record<string, number>; eventCount: number };

/** The same where only the work knows in the end how many events it was. */
export async function measureCounted(
  watched: Watched,
  work: () => Promise<Counted>,
): Promise<Sample> {
  const pids = Object.values(watched);
  const read = async () => ({
    at: performance.now(),
    cpu: await cpuOf(watched),
    machine: await machineMs(),
    ours: await ourMs(pids),
  });
  const before = await read();
  const { figures, eventCount } = await work();
  const after = await read();
  const entries = Object.entries(after.cpu).map(([name, ms]) => {
    const usedMs = ms - (before.cpu[name] ?? 0);
    return [name, Math.round((usedMs * 1_000) / eventCount)] as const;
  });
  const foreignMs = after.machine - before.machine - (after.ours - before.ours);
  return {
    figures: { ...figures, cpuUs: entries.reduce((sum, [, us]) => sum + us, 0) },
    cpuUs: Object.fromEntries(entries),
    foreignCores: Math.max(0, foreignMs) / (after.at - before.at),
  };
}

/** Runs work that is over once all events are, and tells how many that were a second. */
export function measureRate(measured: Measured, work: () => Promise<void>): Promise<Sample> {
  return measure(measured, async () => {
    const startedAt = performance.now();
    await work();
    const seconds = (performance.now() - startedAt) / 1_000;
    return { perSecond: Math.round(measured.eventCount / seconds) };
  });
}
