// The Kafka Streams application in a JVM of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { SchemaRegistry } from "@kafkajs/confluent-schema-registry";
import { dispatchTopic, subjectOf, topics } from "#libs/contracts/topics.ts";
import type { Bench } from "../bench.ts";
import { onCores } from "../machine/cores.ts";
import { type Running, toRunning } from "../processes.ts";
import { createPeerTopics, type PeerTopics } from "./peer-topics.ts";

/** As it is by default, or with short pauses everywhere, for the sake of lateness. */
export type StreamsProfile = "usual" | "punctual";

export type Streams = {
  service: Running;
  at: PeerTopics;
  /** No timer fires, until they are let go. */
  hold: () => void;
  letGo: () => void;
};

const SCHEMAS = join(import.meta.dirname, "../../../schemas");
/** Half of what a message takes here, so that no collection is forced. */
const JAVA_FLAGS = ["-Xmx1g", "-Dorg.slf4j.simpleLogger.defaultLogLevel=error"];

/** Starts it on topics of its own and resolves once it has its partitions. */
export async function startStreams(
  bench: Bench,
  { classpath, profile }: { classpath: string; profile: StreamsProfile },
): Promise<Streams> {
  const at = await createPeerTopics(bench);
  const { kafkaBrokers, schemaRegistryUrl } = bench.infrastructure;
  const registry = new SchemaRegistry({ host: schemaRegistryUrl });
  const commandId = await registry.getLatestSchemaId(subjectOf(dispatchTopic("whatsapp")));
  const outcomeId = await registry.getLatestSchemaId(subjectOf(topics.messageOutcomes.name));
  const folder = await mkdtemp(join(tmpdir(), "streams-"));
  const java = ["java", ...JAVA_FLAGS, "-cp", classpath, "StreamsPeer"] as const;
  const ids = [String(commandId), String(outcomeId)];
  const [command, ...args] = onCores(bench.cores?.measured, java);
  const all = [...args, kafkaBrokers.join(","), at.prefix, SCHEMAS, ...ids, folder, profile];
  const child = spawn(command, all, { stdio: ["pipe", "pipe", "inherit"] });
  const running = toRunning(child);
  const ended = once(child, "exit").then(() => Promise.reject(new Error("Kafka Streams ended.")));
  await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  ended.catch(() => undefined);
  const order = (word: "hold" | "go") => void child.stdin.write(`${word}\n`);
  const service = {
    ...running,
    async [Symbol.asyncDispose]() {
      await running[Symbol.asyncDispose]();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return { service, at, hold: () => order("hold"), letGo: () => order("go") };
}
