import { randomUUID } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { type Contracts, connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { createTopics } from "#libs/kafka/admin.ts";
import { connectProducer } from "#libs/kafka/connect-producer.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { receiptServer } from "#services/receipt-bridge/server.ts";
import { receiptBridge } from "#services/receipt-bridge/service.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { freePort } from "#test/support/free-port.ts";
import { readTopic, type TopicReader } from "#test/support/topic-reader.ts";

const brokers = process.env["KAFKA_BROKERS"]!.split(",");
const registryUrl = process.env["SCHEMA_REGISTRY_URL"]!;
const log = createLog("receipt-bridge", "fatal");
const topic = `status-reports-${randomUUID().slice(0, 8)}`;

const opened = new AsyncDisposableStack();
let contracts: Contracts;
let reader: TopicReader;
let app: FastifyInstance;

beforeAll(async () => {
  await registerSchemas({ registryUrl });
  contracts = await connectContracts({ registryUrl });
  await createTopics({ brokers }, [
    { name: topic, partitions: 2, replicationFactor: 1, config: {} },
  ]);
  reader = opened.use(await readTopic(brokers, topic));
  const producer = opened.use(await connectProducer({ brokers, log }));
  app = await receiptServer({
    topic,
    codec: contracts.statusReport,
    producer,
    now: () => 5_000,
    log,
  });
  opened.defer(() => app.close());
});
afterAll(() => opened.disposeAsync());

function post(url: string, payload: object | string) {
  return app.inject({ method: "POST", url, payload });
}

/** The reports of one provider's message, as soon as there are `count`. */
async function untilReports(id: string, count: number) {
  const found = () =>
    reader.records
      .map(({ key, value }) => ({ key, ...decodeOwn("status-report", value) }))
      .filter(({ providerMessageId }) => providerMessageId === id);
  await vi.waitFor(() => expect(found()).toHaveLength(count), { timeout: 15_000, interval: 50 });
  return found();
}

it("publishes a receipt as a status report before it answers 200", async () => {
  const id = randomUUID();
  const receipt = { receiptId: `${id}:read`, id, reference: "m1:2", status: "read", at: 4_000 };
  const response = await post("/receipts/whatsapp", receipt);
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
      receivedAt: 5_000,
    },
  ]);
});

it("takes an array, and keys receipts without a reference by the provider's id", async () => {
  const id = randomUUID();
  const receipt = { receiptId: "a", id, status: "sent", at: 1, segments: 2 };
  const failed = { receiptId: "b", id, status: "Undelivered", errorCode: "59", at: 2 };
  const unheardOf = { receiptId: "c", id, status: "teleported", at: 3 };
  const response = await post("/receipts/sms", [receipt, failed, unheardOf]);
  expect(response.json()).toEqual({ taken: 3 });
  expect(await untilReports(id, 3)).toMatchObject([
    { key: `simulated-sms:${id}`, messageId: null, status: "SENT", segmentCount: 2 },
    { status: "UNDELIVERED", errorCode: "59", errorClass: "PERMANENT" },
    { status: "UNKNOWN" },
  ]);
});

it.each([
  ["/receipts/sms", { id: "p", status: "sent", at: 1 }, 400],
  ["/receipts/sms", [], 400],
  ["/receipts/sms", "no JSON", 415],
  ["/receipts/fax", { receiptId: "r", id: "p", status: "sent", at: 1 }, 400],
  ["/elsewhere", {}, 404],
  ["/receipts/sms", { receiptId: "r".repeat(300_000), id: "p", status: "sent", at: 1 }, 413],
])("refuses what is no receipt: %s with %j", async (url, payload, statusCode) => {
  const response = await post(url, payload);
  expect(response.statusCode).toBe(statusCode);
  expect(response.headers["content-type"]).toContain("application/problem+json");
  expect(response.json()).toMatchObject({ status: statusCode });
});

it("answers 503 with Retry-After while Kafka is away, and still stops cleanly", async () => {
  const port = await freePort();
  const kafka = { brokers: [`127.0.0.1:${await freePort()}`] };
  const config = { host: "127.0.0.1", port, kafka, registryUrl };
  const bridge = await receiptBridge.start(config, { log, onFatal: () => undefined });
  const response = await fetch(`http://127.0.0.1:${port}/receipts/sms`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ receiptId: "r", id: "p", status: "sent", at: 1 }),
  });
  expect(response.status).toBe(503);
  expect(response.headers.get("retry-after")).toBe("1");
  expect(bridge.whyNotReady()).toEqual(["Kafka has not been reached yet."]);
  await bridge[Symbol.asyncDispose]();
});
