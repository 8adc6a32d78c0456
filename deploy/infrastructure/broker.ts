// The Kafka broker: one node that is broker and controller at once.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Part, ProcessContext } from "./part.ts";
import { freePort } from "./ports.ts";
import { brokerAnswers } from "./readiness.ts";
import { mustRun } from "./run-command.ts";

const FORMAT_LIMIT_MS = 60_000;
const CONTAINER_CONTROLLER_PORT = 9093;
/** Warnings are what anybody reads; the full log is 2,200 lines for each start. */
const QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn";
const JAVA_FLAGS = ["-Xms64m", "-Xmx512m", "-XX:+UseSerialGC", QUIET];

type Listeners = { host: string; port: number; controllerPort: number; logFolder: string };

export const broker: Part = {
  name: "broker",
  title: "Kafka broker",
  defaultPort: 9092,
  variable: "KAFKA_PORT",
  urlVariable: "KAFKA_BROKERS",
  urlOf: (port) => `127.0.0.1:${port}`,
  answers: (brokers) => brokerAnswers(brokers.split(",")[0] ?? brokers),
  asContainer(port) {
    const dataFolder = "/var/lib/kafka/data";
    const listeners = { host: "", port, controllerPort: CONTAINER_CONTROLLER_PORT };
    // The image turns KAFKA_A_B into a.b; the port inside is that outside, so that the broker finds
    // itself under the address that it advertises.
    const env = Object.entries(brokerProperties({ ...listeners, logFolder: dataFolder })).map(
      ([key, value]) => [`KAFKA_${key.toUpperCase().replaceAll(".", "_")}`, value],
    );
    const image = "apache/kafka:4.3.1";
    return {
      image,
      innerPort: port,
      env: Object.fromEntries(env),
      args: [],
      dataFolder,
      asRoot: false,
    };
  },
  async asProcess(context) {
    const file = await prepare(context);
    const args = ["-cp", context.jars.brokerClasspath, "kafka.Kafka", file];
    const command = context.tools.java;
    return { name: "broker", command, args: [...JAVA_FLAGS, ...args], marker: file };
  },
};

/** Writes the properties, formats the folder once, and gives the path of the properties. */
async function prepare({ port, dataDir, tools, jars, signal }: ProcessContext): Promise<string> {
  const logFolder = join(dataDir, "kafka");
  const file = join(dataDir, "broker.properties");
  await mkdir(dataDir, { recursive: true });
  const listeners = { host: "127.0.0.1", port, controllerPort: await freePort(), logFolder };
  const lines = Object.entries(brokerProperties(listeners)).map(
    ([key, value]) => `${key}=${value}\n`,
  );
  await writeFile(file, lines.join(""));
  if (existsSync(join(logFolder, "meta.properties"))) return file;
  const tool = ["kafka.tools.StorageTool", "format", "-t", newClusterId(), "-c", file];
  // One small job: the first compiler is quicker than the second would ever be.
  const flags = [...JAVA_FLAGS, "-XX:TieredStopAtLevel=1", "-cp", jars.brokerClasspath];
  await mustRun(tools.java, [...flags, ...tool], { timeoutMs: FORMAT_LIMIT_MS, signal });
  return file;
}

/** 16 random bytes as Kafka writes ids; never with a "-" in front, which the tool takes for an option. */
export function newClusterId(): string {
  const bytes = randomBytes(16);
  // The first letter stands for the first six bits: below 32 it is one of A to Z and a to f.
  bytes.writeUInt8(bytes.readUInt8(0) & 0x7f, 0);
  return bytes.toString("base64url");
}

/** The settings of a broker that is its own controller, without TLS. */
export function brokerProperties({ host, port, controllerPort, logFolder }: Listeners) {
  return {
    "process.roles": "broker,controller",
    "node.id": "1",
    "controller.quorum.voters": `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://${host}:${port},CONTROLLER://${host}:${controllerPort}`,
    "advertised.listeners": `PLAINTEXT://127.0.0.1:${port}`,
    "controller.listener.names": "CONTROLLER",
    "listener.security.protocol.map": "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT",
    "log.dirs": logFolder,
    "auto.create.topics.enable": "false",
    "offsets.topic.replication.factor": "1",
    "offsets.topic.num.partitions": "3",
    "transaction.state.log.replication.factor": "1",
    "transaction.state.log.min.isr": "1",
    "transaction.state.log.num.partitions": "3",
    "share.coordinator.state.topic.replication.factor": "1",
    "share.coordinator.state.topic.min.isr": "1",
    "share.coordinator.state.topic.num.partitions": "3",
    // One member of each group starts alone; there is nobody to wait for.
    "group.initial.rebalance.delay.ms": "0",
    // For quick starts and little memory on one machine; none of them weakens a promise.
    "controller.quorum.append.linger.ms": "0",
    "num.network.threads": "2",
    "num.io.threads": "4",
    "background.threads": "2",
    "group.coordinator.threads": "1",
    "log.cleaner.dedupe.buffer.size": "4194304",
    "log.initial.task.delay.ms": "500",
  };
}
