// What we started is written down, so that a later start can end what a killed one left behind.
// A process id may have been given to a stranger meanwhile: the command line must still carry our
// marker before anything is ended.
import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { runCommand } from "./run-command.ts";
import { SetupError } from "./setup-error.ts";

const POLL_INTERVAL_MS = 50;

/** Where a data folder keeps its process ids: one file per process, `<name>.pid`. */
export function pidFolder(dataDir: string): string {
  return join(dataDir, "run");
}

/** Notes that `pid` runs with `marker` (a piece of its command line without line breaks). */
export async function writePidFile(path: string, pid: number, marker: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${pid}\n${marker}\n`);
}

export type FolderLock = AsyncDisposable & {
  /** From now on who wants the folder is told that it will soon be free. */
  noteEnding(): void;
};
/** The last line of the lock of a process that ends. */
const ENDING = "ending";

/**
 * Claims a folder for this process until disposal. Throws a SetupError that names the other one
 * when a living process has it.
 */
export async function lockFolder(dataDir: string, marker: string): Promise<FolderLock> {
  const path = join(dataDir, "owner.pid");
  await mkdir(dataDir, { recursive: true });
  if ((await livingPid(path)) === undefined) await rm(path, { force: true });
  try {
    // Of two that start at the same instant, the exclusive flag lets one through.
    await writeFile(path, `${process.pid}\n${marker}\n`, { flag: "wx" });
  } catch (cause) {
    throw new SetupError(await whyTaken(path), { cause });
  }
  return {
    noteEnding: () => {
      // Once it is free, the folder is another's.
      if (existsSync(path)) appendFileSync(path, `${ENDING}\n`);
    },
    [Symbol.asyncDispose]: () => rm(path, { force: true }),
  };
}

async function whyTaken(path: string): Promise<string> {
  const owner = await livingPid(path);
  const isEnding = existsSync(path) && readFileSync(path, "utf8").endsWith(`\n${ENDING}\n`);
  if (owner === undefined || isEnding) {
    const who = owner === undefined ? "" : ` (process ${owner})`;
    return `Fallthrough${who} is stopping in this folder. Start again once it says "Stopped".`;
  }
  return (
    `Fallthrough already runs in this folder (process ${owner}). ` +
    `Use it as it is, or stop it first with \`kill ${owner}\`.`
  );
}

/** Ends the processes that an earlier, killed run left in this data folder; gives their names. */
export async function endLeftOvers(dataDir: string): Promise<string[]> {
  const folder = pidFolder(dataDir);
  const names = existsSync(folder) ? await readdir(folder) : [];
  const ended = await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      const pid = await livingPid(path);
      if (pid !== undefined) await endProcess(pid);
      await rm(path, { force: true });
      return pid === undefined ? [] : [name.replace(/\.pid$/, "")];
    }),
  );
  return ended.flat();
}

/** How long a process may take to end by itself; a broker writes its state within a second. */
const END_LIMIT_MS = 10_000;

/** Asks a process to end, and kills it when it does not within the limit. */
async function endProcess(pid: number, limitMs = END_LIMIT_MS): Promise<void> {
  signalProcess(pid, "SIGTERM");
  const deadline = performance.now() + limitMs;
  while (isAlive(pid) && performance.now() < deadline) await sleep(POLL_INTERVAL_MS);
  signalProcess(pid, "SIGKILL");
}

async function livingPid(path: string): Promise<number | undefined> {
  const [pidLine = "", marker = ""] = existsSync(path)
    ? (await readFile(path, "utf8")).split("\n")
    : [];
  const pid = Number(pidLine);
  return marker !== "" && (await isRunning(pid, marker)) ? pid : undefined;
}

/** Whether a process of this id lives whose command line has `marker`. */
export async function isRunning(pid: number, marker: string): Promise<boolean> {
  if (!Number.isInteger(pid) || pid <= 1 || !isAlive(pid)) return false;
  return (await commandLine(pid)).includes(marker);
}

async function commandLine(pid: number): Promise<string> {
  const path = `/proc/${pid}/cmdline`;
  if (existsSync(path)) return (await readFile(path, "utf8")).replaceAll("\0", " ");
  return (await runCommand("ps", ["-ww", "-o", "args=", "-p", `${pid}`], { timeoutMs: 5_000 }))
    .output;
}

function isAlive(pid: number): boolean {
  return signalProcess(pid, 0);
}

/** False when there is no such process. */
function signalProcess(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
    throw error;
  }
}
