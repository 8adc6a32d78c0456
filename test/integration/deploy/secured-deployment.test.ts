// The product as it is deployed on infrastructure that believes nobody: a broker with SASL over TLS
// and an authorizer, a registry with logins, a Redis with ACL users. Every service is its own user
// and has the rights of deploy/least-rights.ts, no more.
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { leastRights, REDIS_COMMANDS } from "#deploy/least-rights.ts";
import { readKafka, readRedis, readRegistry } from "#libs/config/connections.ts";
import { readEnv } from "#libs/config/read-env.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes, topics } from "#libs/contracts/topics.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { newAccessSecret } from "#libs/settings/api-keys.ts";
import { ALL_ACCOUNTS, settingKey } from "#libs/settings/setting.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { encodeForm, signedHeaders } from "#test/support/alibaba-signer.ts";
import { apiCaller } from "#test/support/api-caller.ts";
import { demoEnv } from "#test/support/demo-env.ts";
import { readMessage, sendMessage } from "#test/support/http-customer.ts";
import { grant } from "#test/support/kafka-rights.ts";
import { choosePlaces, type Places } from "#test/support/places.ts";
import { type SecuredBroker, startSecuredBroker } from "#test/support/secured-broker.ts";
import { type SecuredRedis, startSecuredRedis } from "#test/support/secured-redis.ts";
import {
  basic,
  type SecuredRegistry,
  startSecuredRegistry,
} from "#test/support/secured-registry.ts";
import { type ServiceProcess, startService } from "#test/support/service-process.ts";

const TIME_SCALE = 0.02;
const log = createLog("test", "fatal");
const names = Object.keys(leastRights);
const passwords = Object.fromEntries(
  [...names, "migrate"].map((name) => [name, randomBytes(12).toString("hex")]),
);
const opened = new AsyncDisposableStack();
const services: ServiceProcess[] = [];
let folder: string;
let broker: SecuredBroker;
let redis: SecuredRedis;
let registry: SecuredRegistry;
let places: Places;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "secured-"));
  opened.defer(() => rm(folder, { recursive: true, force: true }));
  [broker, redis, registry] = await Promise.all([
    startSecuredBroker(passwords),
    startSecuredRedis({ users: redisUsers() }),
    startSecuredRegistry({ logins: registryLogins() }),
  ]);
  for (const each of [broker, redis, registry]) opened.use(each);
  const { registryUrl, registryAccess } = readEnv(await envOf("migrate"), readRegistry);
  const at = { registryUrl, registryAccess: registryAccess! };
  await migrate({ ...broker.admin, ...at, sizes: defaultTopicSizes });
  for (const name of names) await grant(broker.admin, name, leastRights[name]!.kafka);
  places = await choosePlaces(TIME_SCALE);
  for (const name of names) {
    const env = { ...places.env, ...(await envOf(name)) };
    services.push(opened.use(await startService(name, env)));
  }
  await Promise.all(services.map((service) => service.ready()));
}, 480_000);
afterAll(() => opened.disposeAsync());

const faults = () => services.flatMap((service) => service.fault() ?? []);

it("carries a message through every service, a wait and a fallback included", async () => {
  const message = {
    user: { msisdn: "+6599990250" },
    type: "text",
    content: { text: "Hello" },
    channels: [
      { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" },
      { channel: "Viber", fallbackAfter: 60, successStatus: "Delivered" },
      { channel: "SMS" },
    ],
  };
  const messageId = await sendMessage(places.apiUrl, message);
  const outcomeOf = async () => (await readMessage(places.apiUrl, messageId)).outcome;
  await expect.poll(outcomeOf, { timeout: 30_000, interval: 200 }).toBe("SUCCEEDED");
  const { attempts } = await readMessage(places.apiUrl, messageId);
  expect(attempts.map(({ channel }) => channel)).toEqual(["whatsapp", "viber", "sms"]);
  expect(faults()).toEqual([]);
});

it("gives no service the rights of another", async () => {
  const kafka = readEnv(await envOf("api"), readKafka);
  await using producer = await connectProducer({ ...kafka, log });
  const record = { topic: topics.messageJournal.name, key: "k", value: Buffer.from("v") };
  await expect(producer.publish([record])).rejects.toThrow("Kafka could not");

  const { redisUrl, redisAccess } = readEnv(await envOf("webhook-notifier"), readRedis);
  await using notifier = await connectRedis({ url: redisUrl, ...redisAccess, log });
  await expect(notifier.at("").get("ft:{00}:counter")).rejects.toThrow(/NOPERM/);
  await expect(notifier.at("").flushall()).rejects.toThrow(/NOPERM/);
});

it("seals again with a new SECRETS_KEY what the one before has sealed, and then needs that no more", async () => {
  const made = await apiCaller(() => places.apiUrl)("POST", "/ft/v1/accounts/demo/api-keys", {
    body: { scopes: ["read"], accessKey: true },
  });
  const signing = { accessKeyId: made.body.id, secret: made.body.accessKeySecret };
  const next = randomBytes(32).toString("base64");
  const old = { SECRETS_KEYS_OLD: demoEnv.SECRETS_KEY };

  expect(await list(signing)).toMatchObject({ status: 200 });
  // The old one cannot go yet.
  await expect(restartApi({ SECRETS_KEY: next })).rejects.toThrow(/SECRETS_KEY is another/);
  await putOperatorKey("ODD", { publicKey: "none" });
  await restartApi({ SECRETS_KEY: next, ...old });
  expect(services.find(({ name }) => name === "api")?.words()).toMatch(
    /"\*\/api-key\/ODD":"\/publicKey [^"]+".*SECRETS_KEYS_OLD, which cannot go/,
  );
  await expect(restartApi({ SECRETS_KEY: next })).rejects.toThrow(/SECRETS_KEY is another/);

  await putOperatorKey("ODD", {});
  await restartApi({ SECRETS_KEY: next, ...old });
  await restartApi({ SECRETS_KEY: next });
  expect(await list(signing)).toMatchObject({ status: 200 });
  expect(await list({ ...signing, secret: "another" })).toMatchObject({ status: 400 });
}, 300_000);

/** Stands on the topic as some version has put it there, whatever today's rules say. */
async function putOperatorKey(keyName: string, more: { publicKey?: string }): Promise<void> {
  const env = await envOf("api");
  await using producer = await connectProducer({ ...readEnv(env, readKafka), log });
  const { registryUrl, registryAccess } = readEnv(env, readRegistry);
  const { setting } = await connectContracts({ registryUrl, registryAccess: registryAccess! });
  const secretsKeys = [Buffer.from(demoEnv.SECRETS_KEY, "base64")] as const;
  const secret = newAccessSecret({ secretsKeys, accountId: ALL_ACCOUNTS });
  const hash = randomBytes(32).toString("hex");
  const body = JSON.stringify({
    ...more,
    hash,
    sealedSecret: secret.sealedSecret,
    scopes: ["read"],
    createdAt: new Date(0).toISOString(),
  });
  const place = { accountId: ALL_ACCOUNTS, kind: "api-key", name: keyName } as const;
  const value = setting.encode({ ...place, body, revision: 1, changedAt: 0, changedBy: "test" });
  await producer.publish([{ topic: topics.settings.name, key: settingKey(place), value }]);
}

async function restartApi(keys: Readonly<Record<string, string>>): Promise<void> {
  const place = services.findIndex(({ name }) => name === "api");
  await services[place]![Symbol.asyncDispose]();
  const env = { ...places.env, ...(await envOf("api")), ...keys };
  services[place] = opened.use(await startService("api", env));
  await services[place].ready();
}

/** A read whose proof is a signature by a secret that the api must open. */
async function list(signing: { accessKeyId: string; secret: string }) {
  const page = { ChannelType: "whatsapp", Page: '{"Index":1,"Size":10}', StartTime: "0" };
  const body = encodeForm(page);
  const { host } = new URL(places.apiUrl);
  const headers = signedHeaders(
    { payload: body },
    { ...signing, action: "ListChatappMessage", host },
  );
  const answer = await fetch(`${places.apiUrl}/`, { method: "POST", headers, body });
  return { status: answer.status, body: await answer.text() };
}

function redisUsers(): string[] {
  return names.flatMap((name) => {
    const patterns = leastRights[name]!.redis;
    if (patterns === null) return [];
    const keys = patterns.map((pattern) => `~${pattern}`).join(" ");
    return `user ${name} on >${passwords[name]} ${keys} ${REDIS_COMMANDS}`;
  });
}

function registryLogins(): Record<string, "read" | "write"> {
  const ofServices = names
    .filter((name) => leastRights[name]!.registry !== "none")
    .map((name) => [basic(name, passwords[name]!), leastRights[name]!.registry]);
  return Object.fromEntries([...ofServices, [basic("migrate", passwords["migrate"]!), "write"]]);
}

async function file(name: string, content: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, `${content}\n`);
  return path;
}

/** As an orchestrator hands it out: secrets lie in files. */
async function envOf(name: string): Promise<Record<string, string>> {
  const password = await file(name, passwords[name]!);
  return {
    KAFKA_BROKERS: broker.sasl,
    KAFKA_TLS: "on",
    KAFKA_TLS_CA_FILE: await file("kafka-ca.pem", broker.authority.ca),
    KAFKA_SASL_MECHANISM: "scram-sha-512",
    KAFKA_USERNAME: name,
    KAFKA_PASSWORD_FILE: password,
    SCHEMA_REGISTRY_URL: registry.url,
    SCHEMA_REGISTRY_TLS_CA_FILE: await file("registry-ca.pem", registry.authority.ca),
    SCHEMA_REGISTRY_USERNAME: name,
    SCHEMA_REGISTRY_PASSWORD_FILE: password,
    REDIS_URL: redis.url,
    REDIS_TLS_CA_FILE: await file("redis-ca.pem", redis.authority.ca),
    REDIS_USERNAME: name,
    REDIS_PASSWORD_FILE: password,
  };
}
