// Infrastructure for one run of tests or measurements: free ports, a folder of its own, nothing kept.
import { existsSync } from "node:fs";
import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { InfrastructureConfig } from "./config.ts";
import { endLeftOvers, isRunning, lockFolder } from "./pid-file.ts";
import type { Progress } from "./progress.ts";
import { type Infrastructure, startInfrastructure } from "./start-infrastructure.ts";

const FOLDER = join(import.meta.dirname, "../../.fallthrough/temporary");
/** The command line of every script, test worker or benchmark of ours has one of these words. */
const OWNER_MARKER = "node";

export type TemporaryOptions = {
  config: InfrastructureConfig;
  progress: Progress;
  signal: AbortSignal;
};

/**
 * As `startInfrastructure`, for this process only: disposal removes every trace. What a killed run
 * left behind is ended and removed first.
 */
export async function startTemporaryInfrastructure(
  options: TemporaryOptions,
): Promise<Infrastructure> {
  await removeOrphans();
  await using stack = new AsyncDisposableStack();
  const dataDir = join(FOLDER, `${process.pid}-${Date.now().toString(36)}`);
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
  stack.use(await lockFolder(dataDir, OWNER_MARKER));
  const infrastructure = stack.use(
    await startInfrastructure({ ...options, dataDir, lifetime: "temporary" }),
  );
  const owned = stack.move();
  return { ...infrastructure, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function removeOrphans(): Promise<void> {
  const names = existsSync(FOLDER) ? await readdir(FOLDER) : [];
  await mkdir(FOLDER, { recursive: true });
  for (const name of names) {
    const folder = join(FOLDER, name);
    // By its name: between its making and its claim others may look, as several tests do at a time.
    if (await isRunning(Number.parseInt(name, 10), OWNER_MARKER)) continue;
    await endLeftOvers(folder);
    await rm(folder, { recursive: true, force: true });
  }
}
