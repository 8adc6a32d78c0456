// A real broker that believes nobody: TLS with an authority of this run, SASL on one listener, client
// certificates on the other, and an authorizer that allows what it was told and nothing else.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brokerProperties } from "#deploy/infrastructure/broker.ts";
import { startChild } from "#deploy/infrastructure/child.ts";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { provideJars } from "#deploy/infrastructure/jars.ts";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { mustRun } from "#deploy/infrastructure/run-command.ts";
import { provideTools } from "#deploy/infrastructure/system-tools.ts";
import { waitForChild } from "#deploy/infrastructure/wait.ts";
import type { KafkaConnection } from "#libs/config/connections.ts";
import { kafkajsClient } from "#libs/kafka/kafkajs/kafkajs-client.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { type Authority, newAuthority } from "#test/support/certificates.ts";

const JAR_FOLDER = join(import.meta.dirname, "../../.fallthrough/lib");
const FORMAT_LIMIT_MS = 60_000;
const JAVA_FLAGS = ["-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"];
const QUIET = "-Dorg.slf4j.simpleLogger.defaultLogLevel=error";

export type SecuredBroker = AsyncDisposable & {
  authority: Authority;
  /** `host:port` of the listener that wants SASL. */
  sasl: string;
  /** `host:port` of the listener that wants a certificate; its common name is the user. */
  mtls: string;
  /** As somebody who may do everything. */
  admin: KafkaConnection;
};

/** Starts it; each user of `passwords` may use PLAIN and both forms of SCRAM. */
export async function startSecuredBroker(
  passwords: Readonly<Record<string, string>>,
): Promise<SecuredBroker> {
  await using opened = new AsyncDisposableStack();
  const dataDir = await mkdtemp(join(tmpdir(), "secured-broker-"));
  opened.defer(() => rm(dataDir, { recursive: true, force: true }));
  const authority = newAuthority("authority of brokers");
  const users = { ...passwords, admin: randomBytes(8).toString("hex") };
  const ports = { sasl: await freePort(), mtls: await freePort(), controller: await freePort() };
  const quiet = { say: () => undefined, update: () => undefined };
  const running = { progress: quiet, signal: new AbortController().signal };
  const { javaHome, mavenBaseUrl: baseUrl } = readInfrastructureConfig(process.env);
  const { java } = await provideTools(["java"], { javaHome, ...running });
  const jars = await provideJars({ folder: JAR_FOLDER, baseUrl, ...running });
  const file = await writeProperties(dataDir, { authority, users, ports });
  const flags = [...JAVA_FLAGS, QUIET, "-cp", jars.brokerClasspath];
  await mustRun(java, [...flags, ...formatArgs(file, users)], { timeoutMs: FORMAT_LIMIT_MS });
  const args = [...flags, "kafka.Kafka", file];
  const spec = { name: "broker", command: java, args, marker: file };
  const child = opened.use(await startChild(spec, dataDir));
  const brokers = [`localhost:${ports.sasl}`];
  const admin: KafkaConnection = {
    brokers,
    tls: { ca: authority.ca },
    sasl: { mechanism: "plain", username: "admin", password: users.admin },
  };
  await waitForChild(child, () => answers(admin), { title: "secured broker", ...running });
  const owned = opened.move();
  return {
    authority,
    sasl: `localhost:${ports.sasl}`,
    mtls: `localhost:${ports.mtls}`,
    admin,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

async function answers(admin: KafkaConnection): Promise<boolean> {
  const client = kafkajsClient({ ...admin, log: createLog("probe", "fatal") }).admin({
    retry: { retries: 0 },
  });
  await client.connect();
  try {
    return (await client.describeCluster()).brokers.length === 1;
  } finally {
    await client.disconnect();
  }
}

type Users = Readonly<Record<string, string>>;
type Ports = { sasl: number; mtls: number; controller: number };
type Setup = { authority: Authority; users: Users; ports: Ports };

async function writeProperties(dataDir: string, { authority, users, ports }: Setup) {
  const { cert, key } = authority.certify("broker");
  const [file, keystore, truststore] = ["broker.properties", "broker.pem", "ca.pem"].map((name) =>
    join(dataDir, name),
  ) as [string, string, string];
  const logFolder = join(dataDir, "kafka");
  await mkdir(logFolder);
  await writeFile(keystore, key + cert);
  await writeFile(truststore, authority.ca);
  const listeners = { host: "127.0.0.1", port: ports.sasl, controllerPort: ports.controller };
  const lines = Object.entries({
    ...brokerProperties({ ...listeners, logFolder }),
    listeners: `SASL://127.0.0.1:${ports.sasl},MTLS://127.0.0.1:${ports.mtls},CONTROLLER://127.0.0.1:${ports.controller}`,
    "advertised.listeners": `SASL://localhost:${ports.sasl},MTLS://localhost:${ports.mtls}`,
    "listener.security.protocol.map": "SASL:SASL_SSL,MTLS:SSL,CONTROLLER:PLAINTEXT",
    "inter.broker.listener.name": "MTLS",
    "listener.name.mtls.ssl.client.auth": "required",
    "ssl.principal.mapping.rules": "RULE:^CN=([^,]+).*$/$1/",
    "ssl.keystore.type": "PEM",
    "ssl.keystore.location": keystore,
    "ssl.truststore.type": "PEM",
    "ssl.truststore.location": truststore,
    "sasl.enabled.mechanisms": "PLAIN,SCRAM-SHA-256,SCRAM-SHA-512",
    "listener.name.sasl.plain.sasl.jaas.config": plainLogins(users),
    "listener.name.sasl.scram-sha-256.sasl.jaas.config": SCRAM,
    "listener.name.sasl.scram-sha-512.sasl.jaas.config": SCRAM,
    "authorizer.class.name": "org.apache.kafka.metadata.authorizer.StandardAuthorizer",
    // The last is the broker itself on the controller's listener.
    "super.users": "User:admin;User:broker;User:ANONYMOUS",
  }).map(([name, value]) => `${name}=${value}\n`);
  await writeFile(file, lines.join(""));
  return file;
}

const SCRAM = "org.apache.kafka.common.security.scram.ScramLoginModule required;";

function plainLogins(users: Users): string {
  const logins = Object.entries(users).map(([name, password]) => `user_${name}="${password}"`);
  const module = "org.apache.kafka.common.security.plain.PlainLoginModule required";
  return `${module} ${logins.join(" ")};`;
}

function formatArgs(file: string, users: Users): string[] {
  // Never an option by accident: an id may begin with a dash.
  const clusterId = `A${randomBytes(16).toString("base64url").slice(1)}`;
  const scram = Object.entries(users).flatMap(([name, password]) =>
    ["SCRAM-SHA-256", "SCRAM-SHA-512"].flatMap((mechanism) => [
      "--add-scram",
      `${mechanism}=[name=${name},password=${password}]`,
    ]),
  );
  return ["kafka.tools.StorageTool", "format", "-t", clusterId, "-c", file, ...scram];
}
