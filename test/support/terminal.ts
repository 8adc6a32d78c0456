// Somebody at a terminal, who runs the tool as a user would: its own process, from a folder of theirs.
import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const BIN = join(import.meta.dirname, "../../deploy/terminal/bin.mjs");
/** Starting Node twice and asking the API a few times, on a busy machine. */
const LIMIT_MS = 60_000;

export type Ran = { exitCode: number | null; stdout: string; stderr: string };

type Place = { cwd: string; env: Record<string, string>; interruptAfterMs?: number };

/** Runs `fallthrough` to its end, which an interruption brings where one is asked for. */
export async function fallthrough(
  { cwd, env, interruptAfterMs }: Place,
  ...args: string[]
): Promise<Ran> {
  const child = spawn(process.execPath, [BIN, ...args], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
    stdio: ["ignore", "pipe", "pipe"],
    timeout: LIMIT_MS,
  });
  const isInterrupted = interruptAfterMs !== undefined;
  const timer = isInterrupted && setTimeout(() => child.kill("SIGINT"), interruptAfterMs);
  const exited = new Promise<number | null>((done) => child.once("exit", done));
  const [exitCode, stdout, stderr] = await Promise.all([
    exited,
    text(child.stdout),
    text(child.stderr),
  ]);
  if (timer) clearTimeout(timer);
  return { exitCode, stdout, stderr };
}
