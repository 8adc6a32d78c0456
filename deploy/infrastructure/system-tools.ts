// Java and Redis come from the system. What is missing is installed where we may: as root, by the
// system's own package manager. Anybody else is told what to install.
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "./progress.ts";
import { mustRun, runCommand } from "./run-command.ts";
import { SetupError } from "./setup-error.ts";

/** Kafka 4 runs on Java 17 and newer. */
const JAVA_VERSION_MIN = 17;
const PROBE_LIMIT_MS = 15_000;
const INSTALL_LIMIT_MS = 600_000;

type Tool = "java" | "redis-server";
type ToolOptions = { javaHome: string; progress: Progress; signal: AbortSignal };

const TITLES: Record<Tool, string> = {
  java: `Java ${JAVA_VERSION_MIN} or newer`,
  "redis-server": "Redis (redis-server)",
};

/** Package managers in the order in which they are looked for, with their names for our tools. */
const MANAGERS = [
  {
    command: "apt-get",
    before: ["update"],
    install: ["install", "-y", "--no-install-recommends"],
    packages: { java: "default-jre-headless", "redis-server": "redis-server" },
  },
  {
    command: "apk",
    before: ["update"],
    install: ["add"],
    packages: { java: "openjdk21-jre-headless", "redis-server": "redis" },
  },
  {
    command: "dnf",
    before: ["makecache"],
    install: ["install", "-y"],
    packages: { java: "java-21-openjdk-headless", "redis-server": "redis" },
  },
] as const;

/** The commands to run for `tools`, installed first where need be. Throws SetupError if they lack. */
export async function provideTools(tools: readonly Tool[], options: ToolOptions) {
  const found = await findTools(tools, options);
  const missing = tools.filter((tool) => found[tool] === undefined);
  if (missing.length > 0) {
    await install(missing, options);
    Object.assign(found, await findTools(missing, options));
  }
  const stillMissing = tools.filter((tool) => found[tool] === undefined);
  if (stillMissing.length > 0) throw missingTools(stillMissing);
  return { java: found.java ?? "java", redisServer: found["redis-server"] ?? "redis-server" };
}

/** The first Java that is new enough: that of JAVA_HOME, else the one in PATH. */
export async function findJava(javaHome: string, signal?: AbortSignal) {
  const ofHome = join(javaHome, "bin", "java");
  const command = javaHome !== "" && existsSync(ofHome) ? ofHome : "java";
  const options = { timeoutMs: PROBE_LIMIT_MS, ...(signal ? { signal } : {}) };
  const { output } = await runCommand(command, ["-version"], options);
  const version = Number(/version "(\d+)/.exec(output)?.[1] ?? 0);
  return version >= JAVA_VERSION_MIN ? command : undefined;
}

async function findTools(tools: readonly Tool[], { javaHome, signal }: ToolOptions) {
  const found: Partial<Record<Tool, string>> = {};
  for (const tool of tools) {
    const command = tool === "java" ? await findJava(javaHome, signal) : await findRedis(signal);
    if (command !== undefined) found[tool] = command;
  }
  return found;
}

async function findRedis(signal: AbortSignal) {
  const options = { timeoutMs: PROBE_LIMIT_MS, signal };
  const { exitCode } = await runCommand("redis-server", ["--version"], options);
  return exitCode === 0 ? "redis-server" : undefined;
}

async function install(tools: readonly Tool[], { progress, signal }: ToolOptions): Promise<void> {
  const manager = await findManager(signal);
  if (!manager || process.getuid?.() !== 0) throw missingTools(tools, manager);
  const packages = tools.map((tool) => manager.packages[tool]);
  progress.say(`Installing ${packages.join(" and ")} with ${manager.command}`);
  const options = {
    timeoutMs: INSTALL_LIMIT_MS,
    signal,
    onLine: (line: string) => progress.update(line),
  };
  await mustRun(manager.command, manager.before, options);
  await mustRun(manager.command, [...manager.install, ...packages], options);
}

async function findManager(signal: AbortSignal) {
  for (const manager of MANAGERS) {
    const options = { timeoutMs: PROBE_LIMIT_MS, signal };
    const { exitCode } = await runCommand(manager.command, ["--version"], options);
    if (exitCode === 0) return manager;
  }
  return undefined;
}

function missingTools(tools: readonly Tool[], manager?: (typeof MANAGERS)[number]): SetupError {
  const titles = tools.map((tool) => TITLES[tool]).join(" and ");
  const packages = tools.map((tool) => manager?.packages[tool] ?? tool);
  const command = manager
    ? `\`sudo ${manager.command} ${[...manager.install, ...packages].join(" ")}\``
    : "your package manager (on macOS: `brew install openjdk redis`)";
  return new SetupError(
    `${titles} cannot be found. Install with ${command}, ` +
      "or start a container engine, or name running ones in KAFKA_BROKERS, " +
      "SCHEMA_REGISTRY_URL and REDIS_URL.",
  );
}
