// CPU time of processes, by the operating system's own account.
import { readFile } from "node:fs/promises";

/** Clock ticks of /proc are 10 ms on every Linux that Node runs on. */
const TICK_MS = 10;

/** User and system time that a process has used so far, ms; 0 where there is no /proc. */
async function cpuMs(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  // The name, in parentheses, may hold spaces; the fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11] ?? 0) + Number(fields[12] ?? 0)) * TICK_MS;
}

export type Watched = Readonly<Record<string, number>>;

/** Runs `work` and tells the CPU that each watched process used meanwhile, ms. */
export async function measureCpu<T>(
  watched: Watched,
  work: () => Promise<T>,
): Promise<{ result: T; cpu: Record<string, number> }> {
  const names = Object.keys(watched);
  const read = () => Promise.all(names.map((name) => cpuMs(watched[name] ?? 0)));
  const before = await read();
  const result = await work();
  const after = await read();
  const used = names.map((name, index) => [name, (after[index] ?? 0) - (before[index] ?? 0)]);
  return { result, cpu: Object.fromEntries(used) };
}
