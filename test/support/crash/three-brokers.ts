// A cluster of three brokers, each of which can be killed, stopped for a while and started again. Topics have three
// copies, of which two must have a record before it counts.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { vi } from "vitest";
import { brokerProperties, newClusterId } from "#deploy/infrastructure/broker.ts";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { provideJars } from "#deploy/infrastructure/jars.ts";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { mustRun } from "#deploy/infrastructure/run-command.ts";
import { provideTools } from "#deploy/infrastructure/system-tools.ts";
import { outsideClient } from "#test/support/outside-client.ts";

const JAR_FOLDER = join(import.meta.dirname, "../../../.fallthrough/lib");
const FORMAT_LIMIT_MS = 60_000;
const READY_WITHIN_MS = 90_000;
const QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";
const JAVA_FLAGS = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", QUIET];
const NODE_IDS = [1, 2, 3] as const;

export type Brokers = AsyncDisposable & {
  readonly addresses: string[];
  /** SIGKILL of one, by its place in `addresses`. */
  kill(place: number): Promise<void>;
  start(place: number): void;
  /** Resolves when all three are in the cluster. */
  ready(): Promise<void>;
};

/** Starts them; resolves when all three are in the cluster. */
export async function startThreeBrokers(): Promise<Brokers> {
  await using opened = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), "three-brokers-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  const running = { progress: silent, signal: new AbortController().signal };
  const { javaHome, mavenBaseUrl: baseUrl } = readInfrastructureConfig(process.env);
  const { java } = await provideTools(["java"], { javaHome, ...running });
  const { brokerClasspath } = await provideJars({ folder: JAR_FOLDER, baseUrl, ...running });
  const files = await writeNodes(folder);
  const flags = [...JAVA_FLAGS, "-cp", brokerClasspath];
  const clusterId = newClusterId();
  for (const { file } of files) {
    const format = ["kafka.tools.StorageTool", "format", "-t", clusterId, "-c", file];
    await mustRun(java, [...flags, ...format], { timeoutMs: FORMAT_LIMIT_MS });
  }
  const children: ChildProcess[] = [];
  const start = (place: number) => {
    const args = [...flags, "kafka.Kafka", files[place]!.file];
    children[place] = spawn(java, args, { stdio: "ignore" });
  };
  opened.defer(async () => void (await Promise.all(children.map(end))));
  for (const place of files.keys()) start(place);
  const addresses = files.map(({ port }) => `127.0.0.1:${port}`);
  await untilAllAnswer(addresses);
  const resources = opened.move();
  return {
    addresses,
    kill: (place) => end(children[place]!),
    start,
    ready: () => untilAllAnswer(addresses),
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

const silent = { say: () => undefined, update: () => undefined };

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

type Node = { file: string; port: number };

/** The properties of each, in a folder of its own. */
async function writeNodes(folder: string): Promise<Node[]> {
  const ports = await Promise.all(
    NODE_IDS.map(async () => ({ port: await freePort(), controllerPort: await freePort() })),
  );
  const voters = ports.map(
    ({ controllerPort }, place) => `${NODE_IDS[place]}@127.0.0.1:${controllerPort}`,
  );
  const copied = {
    "controller.quorum.voters": voters.join(","),
    "offsets.topic.replication.factor": "3",
    "min.insync.replicas": "2",
    "unclean.leader.election.enable": "false",
  };
  return Promise.all(
    ports.map(async ({ port, controllerPort }, place) => {
      const dataDir = join(folder, String(place));
      const logFolder = join(dataDir, "kafka");
      await mkdir(logFolder, { recursive: true });
      const own = brokerProperties({ host: "127.0.0.1", port, controllerPort, logFolder });
      const all = { ...own, ...copied, "node.id": String(NODE_IDS[place]) };
      const file = join(dataDir, "broker.properties");
      const lines = Object.entries(all).map(([name, value]) => `${name}=${value}\n`);
      await writeFile(file, lines.join(""));
      return { file, port };
    }),
  );
}

async function untilAllAnswer(brokers: string[]): Promise<void> {
  const admin = outsideClient(brokers).admin();
  await vi.waitFor(
    async () => {
      await admin.connect();
      const { brokers: known } = await admin.describeCluster();
      if (known.length < brokers.length) throw new Error(`${known.length} brokers answer.`);
    },
    { timeout: READY_WITHIN_MS, interval: 500 },
  );
  await admin.disconnect();
}
