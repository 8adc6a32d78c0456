// Which cores a process may use. Servers and generators have one half of the machine, what is measured has the other:
// so all that is compared has the same room, and no system is faster for what another one's generator left over.
import { execFile } from "node:child_process";
import { promisify } from "node:util";

export type Cores = { servers: string; measured: string };

const run = promisify(execFile);

/** Both halves as `taskset` writes them. Null of a single core. */
export function halvesOf(coreCount: number): Cores | null {
  if (coreCount < 2) return null;
  const half = Math.ceil(coreCount / 2);
  return { servers: listOf(0, half - 1), measured: listOf(half, coreCount - 1) };
}

/** Keeps running processes, all threads of each, on cores. False where the system has no `taskset`. */
export async function pin(pids: readonly number[], cores: string): Promise<boolean> {
  const pinned = pids.map((pid) => run("taskset", ["-a", "-c", "-p", cores, String(pid)]));
  const results = await Promise.allSettled(pinned);
  return results.every(({ status }) => status === "fulfilled");
}

type CommandLine = readonly [command: string, ...args: string[]];

/** The command line on cores, or as it is. */
export function onCores(cores: string | undefined, line: CommandLine): CommandLine {
  return cores === undefined ? line : ["taskset", "-c", cores, ...line];
}

function listOf(first: number, last: number): string {
  return first === last ? String(first) : `${first}-${last}`;
}
