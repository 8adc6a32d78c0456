// What others wrote in Python, in virtual environments of the project's: made once, kept for the next
// run, made anew where the requirements have changed.
import {
  type ChildProcessWithoutNullStreams,
  type ExecFileException,
  execFile,
  spawn,
} from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";
import { madeOnce, SETUP_MS_MAX } from "#test/support/made-once.ts";

const HERE = join(import.meta.dirname, "python");
const FOLDER = join(import.meta.dirname, "../../.fallthrough");
const SCRIPT_MS_MAX = 60_000;

const run = promisify(execFile);

export type Python = {
  /** What a script of `test/support/python` prints as JSON when it is given this as JSON. */
  run(script: string, input: unknown, env?: NodeJS.ProcessEnv): Promise<unknown>;
  /** A script that goes on, as a process of whoever starts it. */
  start(script: string, ...args: string[]): ChildProcessWithoutNullStreams;
};

/** Python with the vendors' clients. */
export function pythonSdks(): Promise<Python | undefined> {
  return pythonWith("requirements.txt");
}

/** Python with an SMSC that is none of ours. */
export function pythonSmsc(): Promise<Python | undefined> {
  return pythonWith("smsc-requirements.txt");
}

/** Undefined, and a loud word, where there is no Python or PyPI is out of reach. */
async function pythonWith(requirements: string): Promise<Python | undefined> {
  try {
    const python = join(await madeEnvironment(join(HERE, requirements)), "bin/python");
    return {
      run: (script, input, env) => runScript(python, { script, input, env }),
      start: (script, ...args) => spawn(python, [join(HERE, script), ...args]),
    };
  } catch (error) {
    const { stderr, message }: ExecFileException = Object(error);
    console.warn(`SKIPPED: no Python with ${requirements}. ${stderr?.trim() || message}`);
    return undefined;
  }
}

/** The folder that has all that is required. */
function madeEnvironment(requirements: string): Promise<string> {
  const version = createHash("sha256").update(readFileSync(requirements)).digest("hex");
  return madeOnce(join(FOLDER, `python-${version.slice(0, 12)}`), async (making) => {
    const signal = AbortSignal.timeout(SETUP_MS_MAX);
    await run("python3", ["-m", "venv", making], { signal });
    const wanted = ["--no-deps", "--requirement", requirements];
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-compile", "--retries", "1"];
    const pip = ["-m", "pip", "install", ...quiet, ...wanted];
    await run(join(making, "bin/python"), pip, { signal });
  });
}

type Script = { script: string; input: unknown; env: NodeJS.ProcessEnv | undefined };

async function runScript(python: string, { script, input, env }: Script): Promise<unknown> {
  const options = { timeout: SCRIPT_MS_MAX, env: { ...process.env, ...env } };
  const child = spawn(python, [join(HERE, script)], options);
  child.stdin.end(JSON.stringify(input));
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, "exit"),
  ]);
  if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout);
}
