// Writes `jars.lock.json` anew from what Maven resolves for `pom.xml`. Run it after a change of the
// pom: `node deploy/bootstrap.mjs deploy/scripts/lock-jars.ts`. Needs `mvn` and the network.
import { createHash } from "node:crypto";
import { mkdtempDisposable, readdir, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { copyWithMaven } from "#deploy/infrastructure/jars.ts";
import { createProgress } from "#deploy/infrastructure/progress.ts";

const LOCK_FILE = join(import.meta.dirname, "../infrastructure/jars.lock.json");

await using folder = await mkdtempDisposable(join(tmpdir(), "fallthrough-jars-"));
const signal = new AbortController().signal;
await copyWithMaven(folder.path, { progress: createProgress(), signal });

const entries = await readdir(folder.path, { recursive: true, withFileTypes: true });
const archives = entries.filter((entry) => /\.(jar|tar\.gz)$/.test(entry.name));
const files = [];
for (const { parentPath, name } of archives) {
  const bytes = await readFile(join(parentPath, name));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  files.push({
    path: relative(folder.path, join(parentPath, name)),
    sizeBytes: bytes.length,
    sha256,
  });
}
files.sort((a, b) => (a.path < b.path ? -1 : 1));
const registryVersion = files
  .map((file) => /apicurio-registry-app-(.+)-all\.tar\.gz$/.exec(file.path)?.[1])
  .find((version) => version !== undefined);
await writeFile(LOCK_FILE, `${JSON.stringify({ registryVersion, files }, null, 2)}\n`);
