// Starts what is measured: services and the bench's own processes, each with its pid.
import { type ChildProcess, fork, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#deploy/infrastructure/ports.ts";

const ROOT = join(import.meta.dirname, "../..");
const READY_LIMIT_MS = 60_000;

export type Running = AsyncDisposable & { pid: number };

/** Starts `services/<name>` and resolves once it is ready. */
export async function startService(name: string, env: Record<string, string>): Promise<Running> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(ROOT, "services", name, "main.ts")], {
    stdio: ["ignore", "ignore", "inherit"],
    env: { ...process.env, LOG_LEVEL: "error", ...env, METRICS_PORT: String(port) },
  });
  const deadline = Date.now() + READY_LIMIT_MS;
  while (!(await isReady(`http://127.0.0.1:${port}/readyz`))) {
    if (Date.now() > deadline) throw new Error(`${name} does not get ready.`);
    await sleep(50);
  }
  return toRunning(child);
}

/** Starts a process of the bench and resolves once it says so. */
export async function startBenchProcess(file: string, args: readonly string[]): Promise<Running> {
  const child = fork(join(import.meta.dirname, file), args, { stdio: ["ignore", 1, 2, "ipc"] });
  const failed = once(child, "exit").then(() => Promise.reject(new Error(`${file} ended.`)));
  await Promise.race([once(child, "message"), failed]);
  failed.catch(() => undefined);
  return toRunning(child);
}

function toRunning(child: ChildProcess): Running {
  return {
    pid: child.pid ?? 0,
    async [Symbol.asyncDispose]() {
      if (child.exitCode !== null) return;
      child.kill("SIGTERM");
      const killer = setTimeout(() => child.kill("SIGKILL"), 5_000);
      await once(child, "exit");
      clearTimeout(killer);
    },
  };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url).catch(() => undefined);
  await response?.arrayBuffer();
  return response?.ok ?? false;
}
