// docker-compose.yml and deploy/Dockerfile against the services that they run. Bringing them up
// needs an engine and images; what can be wrong without one is found here.
import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { Type } from "typebox";
import { Parse } from "typebox/value";
import { expect, it } from "vitest";
import { parse } from "yaml";
import { type EnvReader, readEnv } from "#libs/config/read-env.ts";
import { channels } from "#libs/contracts/topics.ts";

const Strings = Type.Array(Type.String());
const Container = Type.Object({
  image: Type.String(),
  command: Type.Optional(Strings),
  environment: Type.Optional(Type.Record(Type.String(), Type.String())),
  ports: Type.Optional(Strings),
  profiles: Strings,
  read_only: Type.Optional(Type.Boolean()),
  cap_drop: Type.Optional(Strings),
  healthcheck: Type.Optional(Type.Object({ test: Type.Optional(Strings) })),
  depends_on: Type.Optional(Type.Record(Type.String(), Type.Object({ condition: Type.String() }))),
  volumes: Type.Optional(Strings),
});
const Compose = Type.Object({ services: Type.Record(Type.String(), Container) });

const yaml = readFileSync("docker-compose.yml", "utf8");
const { services: containers } = Parse(Compose, parse(yaml, { merge: true }));
const dockerfile = readFileSync("deploy/Dockerfile", "utf8");
const imageEnv = Object.fromEntries(
  [...dockerfile.matchAll(/\b([A-Z_]+)=(\S+)/g)].map(([, name, value]) => [name!, value!]),
);
/** Read by `runService` for every service, rather than by the service. */
const PROCESS_SETTINGS = ["LOG_LEVEL", "METRICS_HOST", "METRICS_PORT"];

const ours = Object.entries(containers)
  .filter(([, { image }]) => image === "fallthrough")
  .map(([name, { command, environment = {} }]) => ({
    name,
    service: command?.[0] ?? "",
    environment: interpolated(environment),
  }));
const running = ours.filter(({ service }) => service !== "migrate");
const infrastructure = Object.entries(containers).filter(
  ([, { image }]) => image !== "fallthrough",
);

it("has a container for every service but all-in-one", () => {
  const folders = readdirSync("services").filter((folder) => folder !== "all-in-one");
  expect(new Set(running.map(({ service }) => service))).toEqual(new Set(folders));
});

it("has one dispatcher for each channel, in the channels' order", () => {
  const dispatchers = running.filter(({ service }) => service === "channel-dispatcher");
  const taken = dispatchers.map(({ environment }) => environment["CHANNELS"]);
  expect(taken).toEqual([...channels]);
});

it.each(running)("gives $name what it needs and nothing that it does not read", async (each) => {
  const readNames = await namesReadBy(each);
  expect(Object.keys(each.environment).filter((name) => !readNames.has(name))).toEqual([]);
});

it("sets nothing in the image that no service reads", async () => {
  const readNames = (await Promise.all(running.map(namesReadBy))).flatMap((names) => [...names]);
  expect(Object.keys(imageEnv).filter((name) => !readNames.includes(name))).toEqual([]);
});

it("publishes ports on the host's loopback only, each of them movable", () => {
  const ports = Object.values(containers).flatMap((container) => container.ports ?? []);
  expect(ports).toHaveLength(6);
  for (const port of ports) expect(port).toMatch(/^127\.0\.0\.1:\$\{[A-Z_]+:-\d+\}:\d+$/);
});

it("has a look at the health of every container that stays", () => {
  expect(dockerfile).toMatch(/^HEALTHCHECK /m);
  for (const [, { healthcheck }] of infrastructure) expect(healthcheck?.test).toBeDefined();
  for (const { name } of running) expect(containers[name]?.healthcheck).toBeUndefined();
});

it("starts whatever needs Kafka after its topics and schemas", () => {
  const needy = running.filter(({ environment }) => "KAFKA_BROKERS" in environment);
  const early = needy.filter(
    ({ name }) =>
      containers[name]?.depends_on?.["migrate"]?.condition !== "service_completed_successfully",
  );
  expect(early).toEqual([]);
});

it("gives our containers no rights and nothing to write to", () => {
  expect(dockerfile).toMatch(/^USER node$/m);
  for (const { name } of ours) {
    expect(containers[name]).toMatchObject({ read_only: true, cap_drop: ["ALL"] });
  }
  expect(yaml).not.toMatch(/privileged: *true|network_mode|docker\.sock|cap_add/);
});

it("starts the infrastructure alone with the profile `infra`, without asking for a key", () => {
  const alone = Object.entries(containers).filter(([, each]) => each.profiles.includes("infra"));
  expect(alone).toEqual(infrastructure);
  // Compose fills in variables for all profiles, so one that must be set would be asked for always.
  expect(yaml).not.toMatch(/\$\{\w+:?\?/);
});

it("keeps the infrastructure's data in volumes", () => {
  for (const [, { volumes }] of infrastructure) expect(volumes).toHaveLength(1);
});

/** Which variables the container's service reads; rejects when it could not run with what it gets. */
async function namesReadBy({ service, environment }: (typeof running)[number]) {
  const names = new Set(PROCESS_SETTINGS);
  const env: Record<string, string> = { ...imageEnv, ...environment };
  const noting = new Proxy(env, {
    get: (_env, name: string) => {
      names.add(name);
      return env[name];
    },
  });
  readEnv(noting, await findConfigReader(service));
  return names;
}

type ConfigReader = (read: EnvReader) => unknown;

async function findConfigReader(service: string): Promise<ConfigReader> {
  const module: Record<string, { readConfig: ConfigReader }> = await import(
    `#services/${service}/service.ts`
  );
  const definition = Object.values(module).find((exported) => "readConfig" in exported);
  return definition!.readConfig;
}

function randomKey(): string {
  return randomBytes(32).toString("base64");
}

/** As compose fills it in for somebody who chose the keys and nothing else. */
function interpolated(environment: Readonly<Record<string, string>>) {
  const chosen: Record<string, string> = {
    API_KEY: randomBytes(24).toString("hex"),
    SECRETS_KEY: randomKey(),
    RECEIPT_SECRET: randomKey(),
  };
  const fill = (value: string) =>
    value.replace(/\$\{(\w+):-([^}]*)\}/g, (_all, name, fallback) => chosen[name] ?? fallback);
  return Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [name, fill(value)]),
  );
}
