// A bridge can be faster than the dispatcher: its report is on Kafka before the provider's answer is.
// The provider here answers only after the product has seen, and parked, the bridge's report.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { Value } from "typebox/value";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { CarrierCall } from "#libs/providers/simulated/wire.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { listeningPort } from "#test/support/redis-server.ts";
import { connectUpstream, type Upstream } from "#test/support/upstream.ts";

const PARKED = /^fallthrough_reports_without_message_total\{result="parked"\} (\d+)$/m;

const opened = new AsyncDisposableStack();
let product: Product;
let upstream: Upstream;
let carrier: Server;
const calledFor: string[] = [];

beforeAll(async () => {
  carrier = createServer((request, response) => void answer(request, response));
  carrier.listen(0, "127.0.0.1");
  await once(carrier, "listening");
  opened.defer(() => void carrier.close());
  const url = `http://127.0.0.1:${listeningPort(carrier)}`;
  const env = { CARRIER_URL: url, CARRIER_TIMEOUT_MS: "60000" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
  upstream = opened.use(await connectUpstream(product.places));
});
afterAll(() => opened.disposeAsync());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { commandId, recipient } = Value.Parse(CarrierCall, await json(request));
  calledFor.push(commandId);
  const providerMessageId = randomUUID();
  // A bridge may know the message, and not which of its attempts it is about.
  const messageId = recipient.endsWith("1") ? commandId.replace(/:\d+$/, "") : null;
  await reportFirst(providerMessageId, messageId);
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ providerMessageId }));
}

async function reportFirst(providerMessageId: string, messageId: string | null): Promise<void> {
  const before = await parkedCount();
  const said = { provider: "simulated-sms", providerMessageId, messageId, channel: "sms" };
  await upstream.report({ ...said, status: "SENT" }, { ...said, status: "DELIVERED" });
  await vi.waitFor(async () => expect(await parkedCount()).toBe(before + 2), { timeout: 30_000 });
}

async function parkedCount(): Promise<number> {
  return Number(PARKED.exec(await product.process.metrics())?.[1] ?? 0);
}

it("parks a report that overtakes the dispatcher's, and joins it when the id is known", async () => {
  const [messageId] = await upstream.send({ to: "+6599990000", steps: [{ channel: "sms" }] });
  const outcome = await product.outcomes.next(messageId!);
  expect(outcome).toMatchObject({ outcome: "SUCCEEDED", channel: "sms", revision: 1 });
  const { story } = await product.read(messageId!);
  expect(story.map(({ text }) => text)).toContain("SMS reported delivered.");
  expect(calledFor.filter((commandId) => commandId === `${messageId}:0`)).toHaveLength(1);
});

it("parks one that names the message too, where the flow has its channel twice", async () => {
  const steps = [{ channel: "sms", waitSeconds: 6_000 }, { channel: "sms" }];
  const [messageId] = await upstream.send({ to: "+6599990001", steps });
  const outcome = await product.outcomes.next(messageId!);
  expect(outcome).toMatchObject({ outcome: "SUCCEEDED", channel: "sms", revision: 1 });
  expect(calledFor.filter((commandId) => commandId.startsWith(`${messageId}:`))).toHaveLength(1);
});
