// The schema registry: Apicurio with the Confluent API. It keeps schemas in a file, since records in
// Kafka name them by id and an id that changed over a restart would make old records unreadable.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Part } from "./part.ts";
import { registryAnswers } from "./readiness.ts";

const CONTAINER_PORT = 8080;

export const registry: Part = {
  name: "registry",
  title: "schema registry",
  // 8081, the usual one, is our receipt-bridge.
  defaultPort: 8085,
  variable: "REGISTRY_PORT",
  urlVariable: "SCHEMA_REGISTRY_URL",
  urlOf: (port) => `http://127.0.0.1:${port}/apis/ccompat/v7`,
  answers: registryAnswers,
  asContainer: () => ({
    image: "apicurio/apicurio-registry-mem:2.6.13.Final",
    innerPort: CONTAINER_PORT,
    env: registryEnv(CONTAINER_PORT, "/registry"),
    args: [],
    dataFolder: "/registry",
    asRoot: true,
  }),
  async asProcess({ port, dataDir, tools, jars }) {
    const folder = join(dataDir, "registry");
    await mkdir(folder, { recursive: true });
    // The registry does not read this one: it tells this folder's process from others.
    const marker = `-Dfallthrough.data=${folder}`;
    const flags = ["-Xmx256m", "-XX:+UseSerialGC", marker];
    const env = { ...registryEnv(port, folder), QUARKUS_HTTP_HOST: "127.0.0.1" };
    const args = [...flags, "-jar", jars.registryJar];
    return { name: "registry", command: tools.java, args, env, marker };
  },
};

function registryEnv(port: number, folder: string): Record<string, string> {
  return {
    HTTP_PORT: `${port}`,
    // Without the delay's end, a kill would lose the schemas of the last half second.
    REGISTRY_DATASOURCE_URL: `jdbc:h2:file:${folder}/registry;WRITE_DELAY=0`,
    // A schema that differs in white space only keeps its id.
    ENABLE_CCOMPAT_CANONICAL_HASH_MODE: "true",
    // The first compiler alone starts in half the time, and schemas are asked for once.
    JAVA_TOOL_OPTIONS: "-XX:TieredStopAtLevel=1",
    LOG_LEVEL: "WARN",
    REGISTRY_LOG_LEVEL: "WARN",
  };
}
