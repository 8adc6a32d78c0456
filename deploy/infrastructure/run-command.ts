// Commands that do something and end: Maven, docker, tar, a package manager.
import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { SetupError } from "./setup-error.ts";

type CommandOptions = {
  timeoutMs: number;
  signal?: AbortSignal;
  onLine?: (line: string) => void;
};
export type CommandResult = { exitCode: number | null; output: string };

/** Bounds what is kept of a talkative command, in lines; the end is what explains a failure. */
const OUTPUT_LINE_COUNT_MAX = 200;

/**
 * Runs a command to its end and gives its standard output and error as one text. A command that
 * does not exist or takes too long has `exitCode: null`. Rejects only when `signal` aborts.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { timeoutMs, signal, onLine }: CommandOptions,
): Promise<CommandResult> {
  signal?.throwIfAborted();
  const ended = Promise.withResolvers<number | null>();
  const lines: string[] = [];
  const take = (line: string) => {
    lines.push(line);
    if (lines.length > OUTPUT_LINE_COUNT_MAX) lines.shift();
    onLine?.(line);
  };
  const limit = AbortSignal.timeout(timeoutMs);
  const child = spawn(command, args, {
    stdio: ["ignore", "pipe", "pipe"],
    signal: signal ? AbortSignal.any([signal, limit]) : limit,
  });
  createInterface(child.stdout).on("line", take);
  createInterface(child.stderr).on("line", take);
  child.once("error", (error) => {
    take(error.message);
    ended.resolve(null);
  });
  child.once("close", (code) => ended.resolve(code));
  const exitCode = await ended.promise;
  signal?.throwIfAborted();
  return { exitCode, output: lines.join("\n") };
}

/** As `runCommand`, but throws a SetupError with the end of the output when the command fails. */
export async function mustRun(
  command: string,
  args: readonly string[],
  options: CommandOptions,
): Promise<string> {
  const { exitCode, output } = await runCommand(command, args, options);
  if (exitCode === 0) return output;
  const ending = output.split("\n").slice(-12).join("\n");
  throw new SetupError(`\`${command} ${args.join(" ")}\` failed:\n${ending}`);
}
