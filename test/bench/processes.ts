// Starts what is measured: services and the bench's own processes, each with its pid, on the cores it is to have.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { onCores } from "./machine/cores.ts";

const ROOT = join(import.meta.dirname, "../..");
const READY_LIMIT_MS = 60_000;
const STOP_LIMIT_MS = 10_000;

export type Running = AsyncDisposable & { pid: number };

/** A process of the bench's own that is told what to do, one thing after the other. */
export type Told = Running & {
  /** Sends it a message and resolves with its answer. Rejects when it ends before. */
  ask<Answer>(message: object): Promise<Answer>;
};

type Place = {
  env: Readonly<Record<string, string>>;
  cores: string | undefined;
  /** Of Node's. */
  flags?: readonly string[];
};

/** Starts `services/<name>` and resolves once it is ready. */
export async function startService(
  name: string,
  { env, cores, flags = [] }: Place,
): Promise<Running> {
  const port = await freePort();
  const main = join(ROOT, "services", name, "main.ts");
  const [command, ...args] = onCores(cores, [process.execPath, ...flags, main]);
  const child = spawn(command, args, {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, LOG_LEVEL: "error", ...env, METRICS_PORT: String(port) },
  });
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await isReady(`http://127.0.0.1:${port}/readyz`))) {
    if (child.exitCode !== null) throw new Error(`${name} ended.`);
    if (Date.now() > deadline) throw new Error(`${name} does not get ready.`);
    await sleep(50);
  }
  return toRunning(child);
}

/** Starts several side by side, and resolves in their order once all are ready. A name may be there twice. */
export function startServices(names: readonly string[], place: Place): Promise<Running[]> {
  return Promise.all(names.map((name) => startService(name, place)));
}

/** Starts a process of the bench and resolves once it says so. */
export async function startBenchProcess(
  file: string,
  { args, cores }: { args: readonly string[]; cores: string | undefined },
): Promise<Told> {
  const [execPath, ...execArgv] = onCores(cores, [process.execPath]);
  const stdio: ["ignore", number, number, "ipc"] = ["ignore", 1, 2, "ipc"];
  const child = fork(join(import.meta.dirname, file), args, { execPath, execArgv, stdio });
  await answerOf(child, file);
  return {
    ...toRunning(child),
    async ask<Answer>(message: object) {
      const answer = answerOf(child, file);
      child.send(message);
      return (await answer) as Answer;
    },
  };
}

async function answerOf(child: ChildProcess, file: string): Promise<unknown> {
  const waiting = new AbortController();
  const { signal } = waiting;
  const ended = once(child, "exit", { signal }).then(() => {
    throw new Error(`${file} ended.`);
  });
  try {
    const [answer]: unknown[] = await Promise.race([once(child, "message", { signal }), ended]);
    return answer;
  } finally {
    ended.catch(() => undefined);
    waiting.abort();
  }
}

/** Disposal ends it, by force after a while. */
export function toRunning(child: ChildProcess): Running {
  return {
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await exited;
      clearTimeout(killer);
    },
  };
}

/** Disposal ends them side by side. */
export function together(all: readonly Running[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      await Promise.all(all.map((each) => each[Symbol.asyncDispose]()));
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok ?? false;
}
