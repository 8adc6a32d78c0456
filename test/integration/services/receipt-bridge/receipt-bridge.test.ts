import { randomBytes, randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { type Contracts, connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { deadLetterTopic } from "#libs/contracts/topics.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { registry } from "#libs/telemetry/metrics.ts";
import { receiptSources } from "#services/receipt-bridge/receipt-sources.ts";
import { receiptServer } from "#services/receipt-bridge/server.ts";
import { receiptBridge } from "#services/receipt-bridge/service.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { secretsKeys } from "#test/support/notifier.ts";
import { proofOf, receiptSecret } from "#test/support/signed-receipts.ts";
import { readTopic, type TopicReader } from "#test/support/topic-reader.ts";

const brokers = process.env["KAFKA_BROKERS"]!.split(",");
const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
const log = createLog("receipt-bridge", "fatal");
const topic = `status-reports-${randomUUID().slice(0, 8)}`;
const NOW = Date.UTC(2026, 10, 28);

const opened = new AsyncDisposableStack();
let contracts: Contracts;
let reader: TopicReader;
let deadLetters: TopicReader;
let app: FastifyInstance;

beforeAll(async () => {
  await registerSchemas({ registryUrl });
  contracts = await connectContracts({ registryUrl });
  await createTopics(
    { brokers },
    [topic, deadLetterTopic(topic)].map((name) => {
      return { name, partitions: 2, replicationFactor: 1, config: {} };
    }),
  );
  reader = opened.use(await readTopic(brokers, topic));
  deadLetters = opened.use(await readTopic(brokers, deadLetterTopic(topic)));
  const producer = opened.use(await connectProducer({ brokers, log }));
  app = receiptServer({
    topic,
    codec: contracts.statusReport,
    producer,
    sources: receiptSources({ receiptSecret, secretsKeys, findConnection: () => undefined }),
    now: () => NOW,
    log,
  });
  opened.defer(() => app.close());
});
afterAll(() => opened.disposeAsync());

/** Posts as the carrier does, unless `headers` say otherwise. */
function post(url: string, payload: object | string, headers?: Record<string, string>) {
  const body = typeof payload === "string" ? payload : JSON.stringify(payload);
  const json = { "content-type": "application/json" };
  const proof = headers ?? proofOf(body, NOW);
  return app.inject({ method: "POST", url, payload: body, headers: { ...json, ...proof } });
}

/** The reports of one provider's message, as soon as there are `count`. */
async function untilReports(id: string, count: number) {
  const found = () =>
    reader.records
      .map(({ key, value }) => ({ key, ...decodeOwn("status-report", value) }))
      .filter(({ providerMessageId }) => providerMessageId === id);
  await vi.waitFor(() => expect(found()).toHaveLength(count), { timeout: 30_000, interval: 50 });
  return found();
}

it("publishes a receipt as a status report before it answers 200", async () => {
  const id = randomUUID();
  const receipt = { receiptId: `${id}:read`, id, reference: "m1:2", status: "read", at: 4_000 };
  const response = await post("/receipts/simulated-whatsapp", receipt);
  expect(response.statusCode).toBe(200);
  expect(await untilReports(id, 1)).toMatchObject([
    {
      key: "m1",
      reportId: `simulated-whatsapp:${id}:read`,
      messageId: "m1",
      attemptIndex: 2,
      provider: "simulated-whatsapp",
      channel: "whatsapp",
      status: "READ",
      occurredAt: 4_000,
      receivedAt: NOW,
    },
  ]);
});

it("takes an array, and keys receipts without a reference by the provider's id", async () => {
  const id = randomUUID();
  const receipt = { receiptId: "a", id, status: "sent", at: 1, segments: 2 };
  const failed = { receiptId: "b", id, status: "Undelivered", errorCode: "59", at: 2 };
  const unheardOf = { receiptId: "c", id, status: "teleported", at: 3 };
  const response = await post("/receipts/simulated-sms", [receipt, failed, unheardOf]);
  expect(response.json()).toEqual({ taken: 3, setAside: 0 });
  expect(await untilReports(id, 3)).toMatchObject([
    { key: `simulated-sms:${id}`, messageId: null, status: "SENT", segmentCount: 2 },
    { status: "UNDELIVERED", errorCode: "59", errorClass: "PERMANENT" },
    { status: "UNKNOWN" },
  ]);
});

it("gives an id the one spelling that the dispatcher links", async () => {
  const id = randomUUID();
  const receipt = { receiptId: "a", id: id.toUpperCase(), status: "sent", at: 1 };
  await post("/receipts/simulated-sms", receipt);
  expect(await untilReports(id, 1)).toHaveLength(1);
});

it.each(["", "json", "application/", "text/plain; charset"])(
  "takes a body whatever its type is called: %j",
  async (type) => {
    const id = randomUUID();
    const body = JSON.stringify({ receiptId: "a", id, status: "sent", at: 1 });
    const headers = { "content-type": type, ...proofOf(body, NOW) };
    const response = await post("/receipts/simulated-sms", body, headers);
    expect(response.json()).toEqual({ taken: 1, setAside: 0 });
  },
);

it.each(["/receipts/nobody", `/receipts/twilio/${"0".repeat(32)}`])(
  "answers 404 at %s before it reads a body, however large that will be",
  async (path) => {
    const length = String(2 ** 40);
    const response = await app.inject({
      method: "POST",
      url: path,
      headers: { "content-length": length },
    });
    expect(response.statusCode).toBe(404);
  },
);

describe("without proof", () => {
  const id = randomUUID();
  const receipt = { receiptId: "r", id, reference: "victim:0", status: "read", at: 1 };
  const body = JSON.stringify(receipt);

  it.each<[string, Record<string, string>]>([
    ["nothing", {}],
    ["another secret", proofOf(body, NOW, randomBytes(32))],
    ["another body's signature", proofOf(`${body} `, NOW)],
    ["a signature of ten minutes ago", proofOf(body, NOW - 600_000)],
    ["a bearer token", { authorization: `Bearer ${receiptSecret.toString("base64")}` }],
  ])("a post with %s is answered 401, counted, and nothing of it is taken", async (_, headers) => {
    const before = await refusedCount();
    const response = await post("/receipts/simulated-whatsapp", body, headers);
    expect(response.statusCode).toBe(401);
    expect(response.headers["content-type"]).toContain("application/problem+json");
    expect(response.headers["www-authenticate"]).toBe("Signature");
    expect(await refusedCount()).toBe(before + 1);
  });

  it("no body is parsed, however broken it is", async () => {
    const response = await post("/receipts/simulated-sms", "{", {});
    expect(response.statusCode).toBe(401);
  });

  it("a flood of them is counted, and leaves neither a line in the log nor a name in the metrics", async () => {
    const lines: string[] = [];
    const strangers = receiptServer({
      topic,
      codec: contracts.statusReport,
      producer: { publish: () => Promise.reject(new Error("Nothing is published of it.")) },
      sources: receiptSources({ receiptSecret, secretsKeys, findConnection: () => undefined }),
      now: () => NOW,
      log: createLog("receipt-bridge", "debug", { write: (line) => void lines.push(line) }),
    });
    const payload = `[${JSON.stringify(receipt)},"${"x".repeat(200_000)}"]`;
    const postTo = (provider: string) =>
      strangers.inject({ method: "POST", url: `/receipts/${provider}`, payload });
    const before = await refusedCount();
    for (let round = 0; round < 200; round++) {
      expect((await postTo("simulated-whatsapp")).statusCode).toBe(401);
      expect((await postTo(`unknown-${round}`)).statusCode).toBe(404);
    }
    expect(await refusedCount()).toBe(before + 200);
    expect(lines).toEqual([]);
    expect(await registry.metrics()).not.toContain("unknown-");
    await strangers.close();
  });

  it("nothing has reached Kafka", async () => {
    const proven = randomUUID();
    await post("/receipts/simulated-whatsapp", { ...receipt, id: proven });
    await untilReports(proven, 1);
    expect(await untilReports(id, 0)).toEqual([]);
  });
});

async function refusedCount(): Promise<number> {
  const metric = await registry.getSingleMetric("fallthrough_receipts_unproven_total")!.get();
  const ofProvider = metric.values.find(
    ({ labels }) => labels["provider"] === "simulated-whatsapp",
  );
  return ofProvider?.value ?? 0;
}

function good(id: string) {
  return { receiptId: "good", id, status: "sent", at: 1 };
}

describe("an odd receipt", () => {
  const like = { receiptId: "odd", id: "p", status: "sent", at: 1 };

  it.each<[string, string]>([
    ["no status", JSON.stringify({ receiptId: "odd", id: "p", at: 1 })],
    ["a status that is a number", JSON.stringify({ ...like, status: 1 })],
    ["no id of the message", JSON.stringify({ ...like, id: undefined })],
    ["an id that is too long", JSON.stringify({ ...like, id: "p".repeat(201) })],
    ["an id of many bytes", JSON.stringify({ ...like, id: "\u{1f600}".repeat(60) })],
    ["an id that is half a sign", JSON.stringify({ ...like, id: "\ud800" })],
    ["an id that is no UTF-8", JSON.stringify({ ...like, id: "\ufffd" })],
    ["an empty id", JSON.stringify({ ...like, receiptId: "" })],
    ["null", "null"],
    ["a number", "1e999"],
    ["a text", '"sent"'],
    ["an array in the array", JSON.stringify([like])],
    ["arrays without end", `${"[".repeat(20_000)}${"]".repeat(20_000)}`],
  ])("does not lose the others, and is kept as it came: %s", async (_, odd) => {
    const id = randomUUID();
    const body = `[${JSON.stringify(good(id))},${odd},${JSON.stringify(good(id))}]`;
    const response = await post("/receipts/simulated-sms", body);
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ taken: 2, setAside: 1 });
    await untilReports(id, 2);
    const kept = () => deadLetters.records.find(({ value }) => value.toString() === body);
    await vi.waitFor(() => expect(kept()).toBeDefined(), { timeout: 30_000 });
    expect(kept()?.key).toBe("simulated-sms");
    expect(String(kept()?.headers?.["ft-dlt-reason"])).toMatch(/^Receipt 2 of 3: \S/);
  });

  it("alone is kept too, and the carrier need not repeat it", async () => {
    const response = await post("/receipts/simulated-sms", { receiptId: "r", id: "p", at: 1 });
    expect(response.statusCode).toBe(200);
    expect(response.json()).toEqual({ taken: 0, setAside: 1 });
  });

  it.each(["no JSON", "", "[{"])("may be a whole body that is no JSON: %j", async (body) => {
    const response = await post("/receipts/simulated-sms", body);
    expect([response.statusCode, response.json()]).toEqual([200, { taken: 0, setAside: 1 }]);
    const reasons = () =>
      deadLetters.records
        .filter(({ value }) => value.toString() === body)
        .map(({ headers }) => String(headers?.["ft-dlt-reason"]));
    await vi.waitFor(() => expect(reasons()).toContain("It is not JSON."), { timeout: 30_000 });
  });

  it("loses none of as many others as fit into a post", async () => {
    const id = randomUUID();
    const many = Array.from({ length: 1_500 }, () => ({ ...good(id), reference: `${id}:0` }));
    const response = await post("/receipts/simulated-sms", [...many, 1]);
    expect([response.statusCode, response.json()]).toEqual([200, { taken: 1_500, setAside: 1 }]);
    await untilReports(id, 1_500);
  });

  it("is none for a byte order mark, or for what stands where nothing is decided", async () => {
    const id = randomUUID();
    const shrugs = { reference: null, errorCode: null, segments: null };
    const receipts = [
      { ...good(id), ...shrugs, status: "delivered" },
      { ...good(id), reference: "order:42", errorCode: 0, at: 8.7e15, segments: 2 ** 40 },
    ];
    const response = await post("/receipts/simulated-sms", `\ufeff${JSON.stringify(receipts)}`);
    expect(response.json()).toEqual({ taken: 2, setAside: 0 });
    expect(await untilReports(id, 2)).toMatchObject([
      { messageId: null, status: "DELIVERED", errorCode: null },
      { messageId: null, attemptIndex: null, errorCode: "0", segmentCount: null },
    ]);
  });

  it("is none for what a newer carrier adds, or for a long text", async () => {
    const id = randomUUID();
    const text = "long ".repeat(10_000);
    const rich = { ...good(id), price: { eur: 1 }, errorCode: text, status: text };
    expect((await post("/receipts/simulated-sms", rich)).json()).toMatchObject({ taken: 1 });
    const [report] = await untilReports(id, 1);
    expect(report).toMatchObject({ status: "UNKNOWN", errorCode: text.slice(0, 64) });
  });
});

it.each([
  ["/receipts/sms", { receiptId: "r", id: "p", status: "sent", at: 1 }, 404],
  ["/receipts/__proto__", { receiptId: "r", id: "p", status: "sent", at: 1 }, 404],
  ["/elsewhere", {}, 404],
  ["/receipts/simulated-sms", "r".repeat(300_000), 413],
])("refuses what is no post of receipts: %s", async (url, payload, statusCode) => {
  const response = await post(url, payload);
  expect(response.statusCode).toBe(statusCode);
  expect(response.headers["content-type"]).toContain("application/problem+json");
  expect(response.json()).toMatchObject({ status: statusCode });
});

it("answers 503 with Retry-After while Kafka is away, and still stops cleanly", async () => {
  const port = await freePort();
  const kafka = { brokers: [`127.0.0.1:${await freePort()}`] };
  const secrets = { receiptSecret, secretsKeys };
  const config = { host: "127.0.0.1", port, ...secrets, kafka, registryUrl };
  const bridge = await receiptBridge.start(config, { log, onFatal: () => undefined });
  const body = JSON.stringify({ receiptId: "r", id: "p", status: "sent", at: 1 });
  const response = await fetch(`http://127.0.0.1:${port}/receipts/simulated-sms`, {
    method: "POST",
    headers: { "content-type": "application/json", ...proofOf(body) },
    body,
  });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(bridge.whyNotReady()).toEqual([
    "Kafka has not been reached yet.",
    "The settings have not been read yet.",
  ]);
  await bridge[Symbol.asyncDispose]();
});
