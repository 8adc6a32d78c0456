// The settings as processes see them, on a real broker, registry and Redis. Every account of these
// tests has an id that nobody else uses.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { migrate } from "#libs/contracts/migrate.ts";
import { type Contracts, connectContracts } from "#libs/contracts/registry.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import { connectRedis, type RedisConnection } from "#libs/redis/connect-redis.ts";
import { newApiKey } from "#libs/settings/api-keys.ts";
import { connectSettings, type SettingsView } from "#libs/settings/connect-settings.ts";
import { seedDemoAccount } from "#libs/settings/demo-account.ts";
import { type SettingsWriter, settingsWriter } from "#libs/settings/settings-writer.ts";
import { createLog } from "#libs/telemetry/log.ts";

const brokers = String(process.env["KAFKA_BROKERS"]).split(",");
const registryUrl = String(process.env["SCHEMA_REGISTRY_URL"]);
const logged: string[] = [];
const log = createLog("settings", "error", { write: (line) => void logged.push(line) });
const onFatal = (error: unknown) => expect.fail(String(error));
const resources = new AsyncDisposableStack();

type Process = { view: SettingsView; writer: SettingsWriter };
let contracts: Contracts;
let redis: RedisConnection;
let producer: Producer;
let here: Process;
let there: Process;

beforeAll(async () => {
  await migrate({ brokers, registryUrl, sizes: defaultTopicSizes });
  contracts = await connectContracts({ registryUrl });
  redis = resources.use(await connectRedis({ url: String(process.env["REDIS_URL"]), log }));
  producer = resources.use(await connectProducer({ brokers, log }));
  [here, there] = await Promise.all([startProcess(), startProcess()]);
});

afterAll(() => resources.disposeAsync());

async function startProcess(): Promise<Process> {
  const view = resources.use(
    await connectSettings({ kafka: { brokers }, contracts, log, onFatal }),
  );
  return { view, writer: settingsWriter({ view, redis, producer, contracts }) };
}

function newAccount() {
  const accountId = `t-${randomUUID()}`.slice(0, 30);
  const place = { accountId, kind: "account", name: accountId } as const;
  const body = { name: "A", guid: randomUUID(), defaultWaitSeconds: 300, smsSegmentsMax: 1 };
  return { accountId, place, body, by: "test" };
}

describe("a change", () => {
  it("is seen by the process that made it at once, by others soon after", async () => {
    const { accountId, place, body, by } = newAccount();
    await here.writer.change({ place, expected: "unsaid", by, next: () => body });
    expect(here.view.findAccount(accountId)?.guid).toBe(body.guid);
    const seen = () => there.view.findAccount(accountId)?.guid;
    await expect.poll(seen).toBe(body.guid);
  });

  it("has a revision that rises, even over a deletion", async () => {
    const { place, body, by } = newAccount();
    const change = (next: () => typeof body | null) =>
      here.writer.change({ place, expected: "anything", by, next });
    const first = await change(() => body);
    expect(await change(() => null)).toBeNull();
    expect(here.view.find(place)).toBeUndefined();
    const second = await change(() => body);
    expect(second!.revision).toBeGreaterThan(first!.revision);
  });

  it("is made by one of two writers that race, and refused to the other", async () => {
    const { place, body, by } = newAccount();
    const made = await here.writer.change({ place, expected: "unsaid", by, next: () => body });
    const race = (process: Process, name: string) =>
      process.writer.change({
        place,
        expected: { revisions: [made!.revision] },
        by,
        next: () => ({ ...body, name }),
      });
    const results = await Promise.allSettled([race(here, "H"), race(there, "T")]);
    expect(results.map(({ status }) => status).toSorted()).toEqual(["fulfilled", "rejected"]);
    const lost = results.find((result) => result.status === "rejected");
    expect(lost?.reason).toMatchObject({ code: "revision-mismatch" });
    await there.view.caughtUp();
    expect(there.view.find(place)).toEqual(here.view.find(place));
  });

  it("waits its turn when many come at once", async () => {
    const { accountId, place, body, by } = newAccount();
    await here.writer.change({ place, expected: "unsaid", by, next: () => body });
    const names = Array.from({ length: 20 }, (_, i) => `S${i}`);
    await Promise.all(
      names.map((name, i) =>
        (i % 2 ? here : there).writer.change({
          place: { accountId, kind: "sms-sender", name },
          expected: "unsaid",
          by,
          next: () => ({}),
        }),
      ),
    );
    await here.view.caughtUp();
    expect(here.view.findAccount(accountId)?.smsSenders.size).toBe(20);
  });

  it("comes before those that the same process was asked for later", async () => {
    const { accountId, place, body, by } = newAccount();
    await here.writer.change({ place, expected: "unsaid", by, next: () => body });
    const made: string[] = [];
    const names = Array.from({ length: 30 }, (_, i) => `S${i}`);
    const change = (name: string) => {
      const next = () => {
        made.push(name);
        return {};
      };
      const sender = { accountId, kind: "sms-sender", name } as const;
      return here.writer.change({ place: sender, expected: "unsaid", by, next });
    };
    await Promise.all(names.map(change));
    expect(made).toEqual(names);
  });
});

it("is read whole by a process that starts, with keys by their hash", async () => {
  const { accountId, place, body, by } = newAccount();
  const { apiKey, body: keyBody } = newApiKey({ scopes: ["send"] }, Date.now());
  await here.writer.change({ place, expected: "unsaid", by, next: () => body });
  await here.writer.change({
    place: { accountId, kind: "api-key", name: "k" },
    expected: "unsaid",
    by,
    next: () => keyBody,
  });
  const { view } = await startProcess();
  expect(view.findAccount(accountId)?.guid).toBe(body.guid);
  expect(view.findKey(apiKey)).toEqual({ accountId, name: "k", scopes: ["send"] });
});

it("leaves out what it cannot read, and goes on", async () => {
  const { accountId, place, body, by } = newAccount();
  const key = `${accountId}/account/${accountId}`;
  const record = { accountId, kind: "account", name: accountId, revision: 1, changedAt: 0 };
  const broken = contracts.setting.encode({ ...record, changedBy: "test", body: "{" });
  const future = contracts.setting.encode({
    ...record,
    kind: "hologram",
    changedBy: "test",
    body: "{}",
  });
  const topic = "settings";
  await producer.publish([
    { topic, key, value: broken },
    { topic, key: `${accountId}/hologram/${accountId}`, value: future },
    { topic, key: `${accountId}/account/other`, value: Buffer.from("no setting") },
  ]);
  await here.view.caughtUp();
  expect(here.view.findAccount(accountId)).toBeUndefined();
  expect(logged.filter((line) => line.includes(accountId)).length).toBeGreaterThanOrEqual(3);
  await here.writer.change({ place, expected: "unsaid", by, next: () => body });
  expect(here.view.findAccount(accountId)?.guid).toBe(body.guid);
});

it("makes the demo account once", async () => {
  await seedDemoAccount(here.view, here.writer);
  const before = await here.view.caughtUp();
  await seedDemoAccount(here.view, here.writer);
  expect(here.view.findAccount("demo")?.senders).toEqual({
    whatsapp: "FALLTHRU",
    viber: "FALLTHRU",
    rcs: "FALLTHRU",
    sms: "FALLTHRU",
  });
  expect(before).toBeGreaterThan(0);
});
