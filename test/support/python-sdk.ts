// The vendors' own clients for Python, in a virtual environment of the project's: made once, kept
// for the next run, made anew where the requirements have changed.
import { type ExecFileException, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { access, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { promisify } from "node:util";

const HERE = join(import.meta.dirname, "python");
const REQUIREMENTS = join(HERE, "requirements.txt");
const FOLDER = join(import.meta.dirname, "../../.fallthrough");
/** All packages took 45 s when they were first downloaded; a slow machine takes three times as long. */
const SETUP_MS_MAX = 150_000;
const SCRIPT_MS_MAX = 60_000;

const run = promisify(execFile);

export type Python = {
  /** What a script of `test/support/python` prints as JSON when it is given this as JSON. */
  run(script: string, input: unknown, env?: NodeJS.ProcessEnv): Promise<unknown>;
};

/** Python with the packages; undefined, and a loud word, where there is none or PyPI is out of reach. */
export async function pythonSdks(): Promise<Python | undefined> {
  try {
    const python = join(await madeEnvironment(), "bin/python");
    return { run: (script, input, env) => runScript(python, { script, input, env }) };
  } catch (error) {
    const { stderr, message }: ExecFileException = Object(error);
    console.warn(`SKIPPED: no Python with the vendors' clients. ${stderr?.trim() || message}`);
    return undefined;
  }
}

/** The folder that has all that is required; it gets its name once it is whole. */
async function madeEnvironment(): Promise<string> {
  const version = createHash("sha256").update(readFileSync(REQUIREMENTS)).digest("hex");
  const folder = join(FOLDER, `python-${version.slice(0, 12)}`);
  if (await isThere(folder)) return folder;
  const making = `${folder}.${process.pid}`;
  const signal = AbortSignal.timeout(SETUP_MS_MAX);
  try {
    await run("python3", ["-m", "venv", making], { signal });
    const wanted = ["--no-deps", "--requirement", REQUIREMENTS];
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-compile", "--retries", "1"];
    const pip = ["-m", "pip", "install", ...quiet, ...wanted];
    await run(join(making, "bin/python"), pip, { signal });
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
  return folder;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
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
