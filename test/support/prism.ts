// Prism, which holds requests against the OpenAPI documents that vendors published: installed once into a
// folder of the project's, as its lock file says, and kept for the next run.
import { type ChildProcess, type ExecFileException, execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { access, cp } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { promisify } from "node:util";
import { madeOnce, SETUP_MS_MAX } from "#test/support/made-once.ts";
import { VENDOR_FOLDER } from "#test/support/vendor-requests.ts";

const HERE = join(import.meta.dirname, "prism");
const FOLDER = join(import.meta.dirname, "../../.fallthrough");
/** Four of Infobip's documents and Twilio's took 5 s. */
const START_MS_MAX = 60_000;

const run = promisify(execFile);

export type Prism = AsyncDisposable & { url: string };

/** Serves vendors' documents; undefined, and a loud word, where they or Prism are not to be had. */
export async function startPrism(...documents: string[]): Promise<Prism | undefined> {
  const files = documents.map((document) => join(VENDOR_FOLDER, document));
  try {
    await Promise.all(files.map((file) => access(file)));
    const folder = await installPrism();
    const child = spawn(process.execPath, [join(HERE, "serve.mjs"), folder, ...files], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    return { url: await addressOf(child), [Symbol.asyncDispose]: () => ended(child) };
  } catch (error) {
    const { stderr, message }: ExecFileException = Object(error);
    console.warn(`SKIPPED: no Prism with the vendors' documents. ${stderr?.trim() || message}`);
    return undefined;
  }
}

/** The folder that has all that is required: 213 packages, which took 18 s on a fast line. */
export function installPrism(): Promise<string> {
  const version = createHash("sha256").update(readFileSync(join(HERE, "package-lock.json")));
  const folder = join(FOLDER, `prism-${version.digest("hex").slice(0, 12)}`);
  return madeOnce(folder, async (making) => {
    await cp(HERE, making, { recursive: true });
    const flags = ["--ignore-scripts", "--prefer-offline", "--no-audit", "--no-fund"];
    const signal = AbortSignal.timeout(SETUP_MS_MAX);
    await run("npm", ["ci", ...flags], { cwd: making, signal });
  });
}

async function addressOf(child: ChildProcess): Promise<string> {
  const lines = createInterface({ input: child.stdout! });
  const [first]: unknown[] = await once(lines, "line", {
    signal: AbortSignal.timeout(START_MS_MAX),
  });
  return String(first);
}

async function ended(child: ChildProcess): Promise<void> {
  child.kill();
  if (child.exitCode === null && child.signalCode === null) await once(child, "exit");
}
