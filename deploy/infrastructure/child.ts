// A long-running child process: its output goes to a file, its id is written down, and it ends when
// its owner is disposed. It is in a process group of its own, so that Ctrl-C in the terminal reaches
// only us and we decide the order in which things stop.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, open, readFile, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { pidFolder, writePidFile } from "./pid-file.ts";

/** A broker with much to write needs some seconds; nothing of ours needs more than this. */
const STOP_LIMIT_MS = 10_000;
const LOG_ENDING_LINE_COUNT = 12;

export type ChildSpec = {
  /** Names the log file and the pid file. */
  name: string;
  command: string;
  args: readonly string[];
  env?: Readonly<Record<string, string>>;
  /** A piece of the command line that only this data folder's process has. */
  marker: string;
  stopLimitMs?: number;
  /** Gets each line of output; the log file gets it as well. */
  onLine?: (line: string) => void;
};

export type Child = AsyncDisposable & {
  readonly name: string;
  /** Resolves when the process ends, with its exit code, or null after a signal. */
  readonly exited: Promise<number | null>;
  /** The last lines that it wrote, to explain why it ended. */
  logEnding(): Promise<string>;
};

/** Starts a process that belongs to `dataDir`. Rejects when the command cannot be run. */
export async function startChild(spec: ChildSpec, dataDir: string): Promise<Child> {
  const logPath = join(dataDir, "log", `${spec.name}.log`);
  const pidPath = join(pidFolder(dataDir), `${spec.name}.pid`);
  await mkdir(dirname(logPath), { recursive: true });
  // Two writers, the child and we, may share the file only if each of them appends.
  await rm(logPath, { force: true });
  await using log = await open(logPath, "a");
  const child = spawn(spec.command, spec.args, {
    detached: true,
    stdio: ["ignore", spec.onLine ? "pipe" : log.fd, log.fd],
    env: { ...process.env, ...spec.env },
  });
  await once(child, "spawn");
  if (child.stdout && spec.onLine) followOutput(child.stdout, logPath, spec.onLine);
  const exited = once(child, "exit").then(([code]: (number | null)[]) => code ?? null);
  if (child.pid !== undefined) await writePidFile(pidPath, child.pid, spec.marker);
  return {
    name: spec.name,
    exited,
    async logEnding() {
      const lines = (await readFile(logPath, "utf8")).trimEnd().split("\n");
      return lines.slice(-LOG_ENDING_LINE_COUNT).join("\n");
    },
    async [Symbol.asyncDispose]() {
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), spec.stopLimitMs ?? STOP_LIMIT_MS);
      await exited;
      clearTimeout(killer);
      await rm(pidPath, { force: true });
    },
  };
}

function followOutput(output: Readable, logPath: string, onLine: (line: string) => void): void {
  const file = createWriteStream(logPath, { flags: "a" });
  output.pipe(file);
  createInterface(output).on("line", onLine);
}
