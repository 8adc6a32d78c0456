// The broker and the registry as Java archives, in the layout of a Maven repository. Whoever brings
// them, Maven or a plain download, every file must have the checksum of `jars.lock.json`.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { downloadAll, type LockedFile } from "./download.ts";
import lock from "./jars.lock.json" with { type: "json" };
import type { Progress } from "./progress.ts";
import { mustRun, runCommand } from "./run-command.ts";
import { SetupError } from "./setup-error.ts";

const POM = join(import.meta.dirname, "pom.xml");
const REGISTRY_ARCHIVE = /apicurio-registry-app-.*\.tar\.gz$/;
const MAVEN_LIMIT_MS = 900_000;
const UNPACK_LIMIT_MS = 120_000;

export type Jars = { brokerClasspath: string; registryJar: string };
type JarOptions = { folder: string; baseUrl: string; progress: Progress; signal: AbortSignal };

/** The archives under `folder`, fetched once. Throws SetupError when they cannot be had. */
export async function provideJars(options: JarOptions): Promise<Jars> {
  const { folder } = options;
  const registryFolder = join(folder, "registry");
  const marker = join(folder, "complete");
  const wanted = createHash("sha256").update(JSON.stringify(lock)).digest("hex");
  if (!existsSync(marker) || (await readFile(marker, "utf8")) !== wanted) {
    await fetchJars(options);
    await unpackRegistry(folder, registryFolder, options.signal);
    await writeFile(marker, wanted);
  }
  const jars = lock.files.filter((file) => file.path.endsWith(".jar"));
  return {
    brokerClasspath: jars.map((file) => join(folder, file.path)).join(":"),
    registryJar: join(registryFolder, `apicurio-registry-app-${lock.registryVersion}-runner.jar`),
  };
}

/** Copies what `pom.xml` names into `folder`, in the layout of a repository. */
export async function copyWithMaven(
  folder: string,
  options: Omit<JarOptions, "folder" | "baseUrl">,
) {
  let fetchedCount = 0;
  const goal = ["dependency:copy-dependencies", "-Dmdep.useRepositoryLayout=true"];
  await mustRun("mvn", ["-B", "-f", POM, ...goal, `-DoutputDirectory=${folder}`], {
    timeoutMs: MAVEN_LIMIT_MS,
    signal: options.signal,
    onLine: (line) => {
      if (!/Downloaded from|Copying /.test(line)) return;
      fetchedCount += 1;
      options.progress.update(`Maven: ${fetchedCount} files`);
    },
  });
}

async function fetchJars(options: JarOptions): Promise<void> {
  const { folder, baseUrl, progress } = options;
  await mkdir(folder, { recursive: true });
  await removeWrongFiles(folder);
  const totalMb = lock.files.reduce((sum, file) => sum + file.sizeBytes, 0) / 1e6;
  const what = `the broker and the registry (${totalMb.toFixed(0)} MB, once)`;
  if (await fetchWithMaven(options, what)) return;
  progress.say(`Downloading ${what} from ${new URL(baseUrl).host}`);
  await downloadAll(lock.files, options);
  await verifyAll(folder);
}

/** False where Maven is not installed or cannot get them, for instance without a proxy's settings. */
async function fetchWithMaven(options: JarOptions, what: string): Promise<boolean> {
  const { folder, progress, signal } = options;
  const maven = await runCommand("mvn", ["--version"], { timeoutMs: 30_000, signal });
  if (maven.exitCode !== 0) return false;
  progress.say(`Fetching ${what} with Maven`);
  try {
    await copyWithMaven(folder, options);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    progress.say(`Maven cannot fetch them. ${error.message}`);
    return false;
  }
  await verifyAll(folder);
  return true;
}

/** What is there and wrong, for instance cut short by a kill, is fetched again. */
async function removeWrongFiles(folder: string): Promise<void> {
  for (const file of lock.files) {
    const path = join(folder, file.path);
    if (existsSync(path) && !(await isPinned(path, file))) await rm(path);
  }
}

async function verifyAll(folder: string): Promise<void> {
  for (const file of lock.files) {
    const path = join(folder, file.path);
    if (existsSync(path) && (await isPinned(path, file))) continue;
    throw new SetupError(`${path} is not what jars.lock.json pins: its source cannot be trusted.`);
  }
}

async function isPinned(path: string, { sha256 }: LockedFile): Promise<boolean> {
  return (
    createHash("sha256")
      .update(await readFile(path))
      .digest("hex") === sha256
  );
}

async function unpackRegistry(folder: string, target: string, signal: AbortSignal): Promise<void> {
  const archive = lock.files.find((file) => REGISTRY_ARCHIVE.test(file.path));
  if (!archive) throw new SetupError("jars.lock.json names no archive of the schema registry.");
  await mkdir(target, { recursive: true });
  const args = ["-xzf", join(folder, archive.path), "-C", target];
  await mustRun("tar", args, { timeoutMs: UNPACK_LIMIT_MS, signal });
}
