// A Redis process of a test's own, to be killed, emptied and restarted at will. The binary comes
// from PATH.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { freePort } from "#deploy/infrastructure/ports.ts";

export type RedisServer = AsyncDisposable & {
  readonly port: number;
  readonly url: string;
  /** Where it keeps what is on disk. */
  readonly folder: string;
  /** SIGKILL: what was not on disk is gone; without `--appendonly yes` that is everything. */
  kill(): Promise<void>;
  /** Starts it again on the same port, with what its disk holds. Resolves when it is ready. */
  start(): Promise<void>;
};

type Env = Readonly<Record<string, string>>;

/**
 * Starts Redis on a free port, in memory only unless `settings` (as on its command line) say else;
 * `env` goes on top of ours.
 */
export async function startRedisServer(
  settings: readonly string[] = [],
  env: Env = {},
): Promise<RedisServer> {
  const folder = await mkdtemp(join(tmpdir(), "redis-"));
  const port = await freePort();
  const listen = ["--port", String(port), "--bind", "127.0.0.1", "--dir", folder];
  const args = [...listen, "--save", "", "--appendonly", "no", ...settings];
  let running = await startProcess(args, env);
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    folder,
    kill: () => killProcess(running),
    async start() {
      running = await startProcess(args, env);
    },
    async [Symbol.asyncDispose]() {
      await killProcess(running);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function startProcess(args: readonly string[], env: Env): Promise<ChildProcess> {
  const options = { env: { ...process.env, ...env } };
  const child = spawn("redis-server", args, { stdio: ["ignore", "pipe", "inherit"], ...options });
  const failed = once(child, "error").then(([error]) => Promise.reject(error));
  await Promise.race([untilReady(child), failed]);
  return child;
}

async function untilReady(child: ChildProcess): Promise<void> {
  const lines: string[] = [];
  for await (const line of createInterface({ input: child.stdout! })) {
    lines.push(line);
    if (!line.includes("Ready to accept connections")) continue;
    child.stdout!.resume();
    return;
  }
  throw new Error(`redis-server ended:\n${lines.join("\n")}`);
}

async function killProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** The port of a TCP server that listens. */
export function listeningPort(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new TypeError("Not listening on TCP.");
  return address.port;
}
