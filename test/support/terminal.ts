// Somebody at a terminal, who runs the tool as a user would: its own process, from a folder of theirs.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { vi } from "vitest";
import { runTool } from "#deploy/terminal/run-tool.ts";

const BIN = join(import.meta.dirname, "../../deploy/terminal/bin.mjs");
/** Starting Node twice and asking the API a few times, on a busy machine. */
const LIMIT_MS = 60_000;

export type Ran = { exitCode: number | null; stdout: string; stderr: string };

type Place = {
  cwd: string;
  env: Record<string, string>;
  /** Interrupts it, as Ctrl-C does, once it has printed what satisfies this. */
  interruptOnce?: (stdout: string) => boolean;
};

/** Runs `fallthrough` to its end, which an interruption brings where one is asked for. */
export async function fallthrough(
  { cwd, env, interruptOnce }: Place,
  ...args: string[]
): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: {
      PATH: process.env["PATH"],
      NODE_COMPILE_CACHE: process.env["NODE_COMPILE_CACHE"],
      ...env,
    },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
  });
  let stdout = "";
  let isInterrupted = false;
  child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
    stdout += chunk;
    if (isInterrupted || !interruptOnce?.(stdout)) return;
    isInterrupted = child.kill("SIGINT");
  });
  const exited = new Promise<number | null>((done) => child.once("exit", done));
  const [exitCode, stderr] = await Promise.all([exited, text(child.stderr)]);
  return { exitCode, stdout, stderr };
}

/**
 * The same without a process of its own, which takes a second of a core: for what is only about the words.
 * One at a time, since what it prints is what this process prints meanwhile.
 */
export async function fallthroughHere(
  env: Record<string, string>,
  ...args: string[]
): Promise<Ran> {
  const ran: Ran = { exitCode: 0, stdout: "", stderr: "" };
  const take = (name: "stdout" | "stderr") => (chunk: unknown) => {
    ran[name] += String(chunk);
    return true;
  };
  const spies = [
    vi.spyOn(process.stdout, "write").mockImplementation(take("stdout")),
    vi.spyOn(process.stderr, "write").mockImplementation(take("stderr")),
    vi.spyOn(console, "log").mockImplementation((line) => take("stdout")(`${line}\n`)),
    vi.spyOn(console, "error").mockImplementation((line) => take("stderr")(`${line}\n`)),
  ];
  try {
    ran.exitCode = (await runTool(args, env)) ?? 0;
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
  return ran;
}
