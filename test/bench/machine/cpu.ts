// CPU time of processes and of the machine, by the operating system's own account.
import { readdir, readFile } from "node:fs/promises";

/** Clock ticks of /proc are 10 ms on every Linux that Node runs on. */
const TICK_MS = 10;
/** Of the machine's first line: idle, and waiting for disks. Guests are counted in user and nice already. */
const IDLE_FIELDS = new Set([3, 4, 8, 9]);

/** Processes by name: their pids. */
export type Watched = Readonly<Record<string, number>>;

/** What is read of each process, by its name. */
export async function eachOf<T>(
  watched: Watched,
  read: (pid: number) => Promise<T>,
): Promise<Record<string, T>> {
  const all = Object.entries(watched).map(async ([name, pid]) => [name, await read(pid)] as const);
  return Object.fromEntries(await Promise.all(all));
}

/** What each process has used so far, ms; 0 where there is no /proc. */
export function cpuOf(watched: Watched): Promise<Record<string, number>> {
  return eachOf(watched, async (pid) => (await statOf(String(pid)))?.ownMs ?? 0);
}

/** For how long the main thread of each process could have run, and had no core, so far, ms; 0 where nobody tells. */
export function queuedOf(watched: Watched): Promise<Record<string, number>> {
  return eachOf(watched, async (pid) => {
    const text = await readFile(`/proc/${pid}/task/${pid}/schedstat`, "utf8").catch(() => "");
    return Number(text.split(" ")[1] ?? 0) / 1_000_000;
  });
}

/**
 * What each thread of a process has used so far, ms, summed by name; the main one's is `main`. One that has ended is
 * left out.
 */
export async function threadsOf(pid: number): Promise<Record<string, number>> {
  const used: Record<string, number> = {};
  for (const id of await readdir(`/proc/${pid}/task`).catch(() => [])) {
    const stat = await statOf(`${pid}/task/${id}`);
    if (!stat) continue;
    const name = Number(id) === pid ? "main" : stat.name;
    used[name] = (used[name] ?? 0) + stat.ownMs;
  }
  return used;
}

/** What the whole machine has used so far, ms: what a hypervisor took away counts as used by others. */
export async function machineMs(): Promise<number> {
  const [line = ""] = (await readFile("/proc/stat", "utf8").catch(() => "")).split("\n");
  const ticks = line.trim().split(/\s+/).slice(1).map(Number);
  return (
    ticks.reduce((sum, each, field) => (IDLE_FIELDS.has(field) ? sum : sum + each), 0) * TICK_MS
  );
}

/**
 * What this process, all that it started and `others` have used so far, ms. A process that ended counts with
 * whoever had started it.
 */
export async function ourMs(others: readonly number[]): Promise<number> {
  const names = (await readdir("/proc").catch(() => [])).filter((name) => /^\d+$/.test(name));
  const stats = (await Promise.all(names.map(statOf))).filter(isThere);
  const ours = new Set([process.pid, ...others]);
  // Sorted by nothing: a child may come before its parent, so until nobody is added.
  for (let size = 0; size < ours.size; ) {
    size = ours.size;
    for (const { pid, parent } of stats) if (ours.has(parent)) ours.add(pid);
  }
  return stats
    .filter(({ pid }) => ours.has(pid))
    .reduce((sum, { ownMs, endedMs }) => sum + ownMs + endedMs, 0);
}

type Stat = { pid: number; name: string; parent: number; ownMs: number; endedMs: number };

/** Of a process, or of a thread. */
async function statOf(folder: string): Promise<Stat | undefined> {
  const stat = await readFile(`/proc/${folder}/stat`, "utf8").catch(() => "");
  if (stat === "") return undefined;
  // The name, in parentheses, may hold spaces; the fields are counted from its end.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = (index: number) => Number(fields[index] ?? 0) * TICK_MS;
  return {
    pid: Number.parseInt(stat, 10),
    name: stat.slice(stat.indexOf("(") + 1, stat.lastIndexOf(")")),
    parent: Number(fields[1]),
    ownMs: ticks(11) + ticks(12),
    endedMs: ticks(13) + ticks(14),
  };
}

function isThere(stat: Stat | undefined): stat is Stat {
  return stat !== undefined;
}
