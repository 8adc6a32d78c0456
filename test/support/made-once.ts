// Folders of the project's that tests download or build once, and keep for the next run.
import { access, mkdir, rename, rm, stat } from "node:fs/promises";
import { setTimeout as sleep } from "node:timers/promises";

/** All packages for Python took 45 s when they were first downloaded; a slow machine takes three times as long. */
export const SETUP_MS_MAX = 150_000;
const LOOK_EVERY_MS = 250;

/**
 * Resolves once `folder` is there, and whole. Where it is not, `fill` is given an empty one that gets the
 * name at the end. Who comes meanwhile, in whatever process, waits for that one instead of making another.
 * Rejects as `fill` does, and leaves nothing then.
 */
export async function madeOnce(
  folder: string,
  fill: (making: string) => Promise<unknown>,
): Promise<string> {
  const making = `${folder}.making`;
  while (!(await isThere(folder))) {
    if (await isFirst(making)) await make(folder, { making, fill });
    else await sleep(LOOK_EVERY_MS);
  }
  return folder;
}

type Making = { making: string; fill: (making: string) => Promise<unknown> };

async function make(folder: string, { making, fill }: Making): Promise<void> {
  try {
    // Another one may have ended between our look at the folder and our turn.
    if (await isThere(folder)) return;
    await fill(making);
    await rename(making, folder);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** Whoever is killed leaves its folder, which stands in nobody's way for longer than it had itself. */
async function isFirst(making: string): Promise<boolean> {
  try {
    await mkdir(making);
    return true;
  } catch (error) {
    if (Object(error).code !== "EEXIST") throw error;
  }
  const changedAt = await stat(making).then(
    ({ mtimeMs }) => mtimeMs,
    () => Date.now(),
  );
  if (Date.now() - changedAt > SETUP_MS_MAX) await rm(making, { recursive: true, force: true });
  return false;
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
