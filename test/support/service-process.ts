// A service as a process of its own, as it runs in a deployment: to be watched, killed and restarted.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "#deploy/infrastructure/ports.ts";

const ROOT = join(import.meta.dirname, "../..");
/** A first start registers schemas and creates topics; a consumer after a kill waits 10 s to join. */
const READY_WITHIN_MS = 180_000;
const STOP_LIMIT_MS = 30_000;
const POLL_MS = 50;
/** A reason of `/readyz`. */
const DEAD_LETTERS = /became (a dead letter|dead letters)/;
/** Lines of its log that are told when it ends by itself. */
const LOG_LINE_COUNT = 15;

/** A run that is broken off leaves none of them behind. */
const running = new Set<ChildProcess>();
process.once("exit", () => {
  for (const child of running) child.kill("SIGKILL");
});

type Env = Readonly<Record<string, string>>;

export type ServiceProcess = AsyncDisposable & {
  readonly name: string;
  /** Where its `/healthz`, `/readyz` and `/metrics` are. */
  readonly metricsPort: number;
  /** Resolves once `/readyz` says yes. Rejects with its last words if it ends before. */
  ready(): Promise<void>;
  /** The same, whatever it has set aside: that is told there for a minute. */
  readyButForDeadLetters(): Promise<void>;
  /** The text of `/readyz`: why not, if it is not. Empty while nobody listens. */
  readiness(): Promise<string>;
  /** The text of `/metrics`. */
  metrics(): Promise<string>;
  /** SIGKILL: it gets no chance to tidy up. */
  kill(): Promise<void>;
  /** Stops its time, or lets it go on. */
  signal(name: "SIGSTOP" | "SIGCONT"): void;
  /** The last lines of its log. */
  words(): string;
  /** The last lines of its log if it ended by itself; undefined while it runs, or after our end. */
  fault(): string | undefined;
};

/**
 * Starts `services/<name>/main.ts` with `env` on top of ours, of this tree unless another one is given.
 * Disposal stops it gracefully.
 */
export async function startService(name: string, env: Env, tree = ROOT): Promise<ServiceProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, [join(tree, "services", name, "main.ts")], {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, LOG_LEVEL: "warn", ...env, METRICS_PORT: String(port) },
  });
  const exited = once(child, "exit");
  running.add(child);
  void exited.then(() => running.delete(child));
  const lines = followLines(child);
  let isOurEnd = false;
  const fault = () =>
    hasEnded(child) && !isOurEnd ? `${name} ended by itself:\n${lines.join("\n")}` : undefined;
  const end = async (signal: "SIGTERM" | "SIGKILL") => {
    if (hasEnded(child)) return;
    isOurEnd = true;
    child.kill(signal);
    await exited;
  };
  return {
    name,
    metricsPort: port,
    ready: () => untilReady(`http://127.0.0.1:${port}/readyz`, { fault }),
    readyButForDeadLetters: () =>
      untilReady(`http://127.0.0.1:${port}/readyz`, { fault, besides: DEAD_LETTERS }),
    readiness: () =>
      fetch(`http://127.0.0.1:${port}/readyz`).then(
        (response) => response.text(),
        () => "",
      ),
    metrics: async () => (await fetch(`http://127.0.0.1:${port}/metrics`)).text(),
    kill: () => end("SIGKILL"),
    signal: (signal) => void child.kill(signal),
    words: () => lines.join("\n"),
    fault,
    async [Symbol.asyncDispose]() {
      const killer = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
      await end("SIGTERM");
      clearTimeout(killer);
    },
  };
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null;
}

function followLines(child: ChildProcess): readonly string[] {
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr]) {
    if (!output) continue;
    createInterface(output).on("line", (line) => {
      lines.push(line);
      if (lines.length > LOG_LINE_COUNT) lines.shift();
    });
  }
  return lines;
}

type Watched = {
  fault: () => string | undefined;
  /** Reasons that do not count. */
  besides?: RegExp;
};

async function untilReady(url: string, { fault, besides }: Watched): Promise<void> {
  const deadline = Date.now() + READY_WITHIN_MS;
  for (;;) {
    const reasons = (await whyNot(url)).filter((reason) => !besides?.test(reason));
    if (reasons.length === 0) return;
    const words = fault();
    if (words !== undefined) throw new Error(words);
    const why = reasons.join("\n");
    if (Date.now() > deadline) throw new Error(`${url} says for ${READY_WITHIN_MS} ms: ${why}`);
    await sleep(POLL_MS);
  }
}

/** Its reasons; none once it is ready. */
async function whyNot(url: string): Promise<string[]> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000) });
    const text = await response.text();
    if (response.ok) return [];
    const reasons = text.split("\n").filter((line) => line.startsWith("- "));
    return reasons.length > 0 ? reasons : [text];
  } catch {
    return ["Nobody listens yet."];
  }
}
