// Nobody ends another's message: neither by posting without proof, nor by naming one message and the
// provider's id of another. The provider here says its ids, so that an attacker can know them.
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { Value } from "typebox/value";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { CarrierCall } from "#libs/providers/simulated/wire.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { listeningPort } from "#test/support/redis-server.ts";
import { proofOf } from "#test/support/signed-receipts.ts";
import { connectUpstream, type Upstream } from "#test/support/upstream.ts";

const opened = new AsyncDisposableStack();
let product: Product;
let upstream: Upstream;
/** The provider's ids by commandId: two for a recipient that ends in 2. */
const idsOf = new Map<string, string[]>();
/** What answers the call for a recipient that ends in 3, by commandId. */
const heldAnswers = new Map<string, () => void>();

beforeAll(async () => {
  const carrier: Server = createServer((request, response) => void answer(request, response));
  carrier.listen(0, "127.0.0.1");
  await once(carrier, "listening");
  opened.defer(() => void carrier.close());
  const env = { CARRIER_URL: `http://127.0.0.1:${listeningPort(carrier)}` };
  product = opened.use(await startProduct({ timeScale: 1, env }));
  upstream = opened.use(await connectUpstream(product.places));
});
afterAll(() => opened.disposeAsync());

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { commandId, recipient } = Value.Parse(CarrierCall, await json(request));
  const partIds = recipient.endsWith("2") ? [randomUUID(), randomUUID()] : [randomUUID()];
  idsOf.set(commandId, partIds);
  if (recipient.endsWith("3")) {
    await new Promise<void>((answerNow) => heldAnswers.set(commandId, answerNow));
  }
  response.writeHead(200, { "content-type": "application/json" });
  response.end(JSON.stringify({ providerMessageId: partIds[0], partIds }));
}

/** Sends a message by these channels; resolves with its id and the provider's, once it is accepted. */
async function sendBy(channels: string[], to: string) {
  const steps = channels.map((channel) => ({ channel, waitSeconds: 600 }));
  const [messageId] = await upstream.send({ to, steps });
  await untilTold(messageId!, /reported accepted/);
  return { messageId: messageId!, ids: idsOf.get(`${messageId}:0`)! };
}

async function untilTold(messageId: string, sentence: RegExp): Promise<void> {
  await vi.waitFor(
    async () => {
      const { story } = await product.read(messageId);
      expect(story.map(({ text }) => text).join("\n")).toMatch(sentence);
    },
    { timeout: 30_000, interval: 100 },
  );
}

async function post(provider: string, receipt: object, headers?: Record<string, string>) {
  const body = JSON.stringify({ receiptId: randomUUID(), at: Date.now(), ...receipt });
  const url = `${product.places.env["RECEIPT_URL"]}/receipts/${provider}`;
  const type = { "content-type": "application/json" };
  const init = { method: "POST", body, headers: { ...type, ...(headers ?? proofOf(body)) } };
  return (await fetch(url, init)).status;
}

it("a receipt without proof changes nothing, the carrier's own does", async () => {
  const { messageId, ids } = await sendBy(["whatsapp", "sms"], "+6599990000");
  const forged = { id: randomUUID(), reference: `${messageId}:0`, status: "read" };
  expect(await post("simulated-whatsapp", forged, {})).toBe(401);
  expect(await post("simulated-whatsapp", forged, proofOf("another body"))).toBe(401);
  expect(await post("simulated-whatsapp", { ...forged, status: "failed" }, {})).toBe(401);
  expect(await post("simulated-whatsapp", { id: ids[0], status: "delivered" })).toBe(200);
  const outcome = await product.outcomes.next(messageId);
  expect(outcome).toMatchObject({ outcome: "SUCCEEDED", channel: "whatsapp" });
  const { story } = await product.read(messageId);
  expect(story.map(({ text }) => text).join("\n")).not.toMatch(/read\.|failed/);
});

it("a victim's id with an attacker's reference ends neither's message", async () => {
  const victim = await sendBy(["sms"], "+6599990000");
  const attacker = await sendBy(["sms"], "+6599990001");
  const named = { messageId: attacker.messageId, attemptIndex: 0 };
  const said = { provider: "simulated-sms", channel: "sms", providerMessageId: victim.ids[0]! };
  await upstream.report({ ...said, ...named, status: "ACCEPTED" });
  await upstream.report({ ...said, ...named, status: "DELIVERED" });
  await untilTold(attacker.messageId, /id in it is another attempt's/);
  expect(await product.process.metrics()).toMatch(
    /fallthrough_reports_noted_total\{channel="sms",rule="id-of-another-attempt"\} [1-9]/,
  );
  await post("simulated-sms", { id: victim.ids[0]!.toUpperCase(), status: "delivered" });
  expect(await product.outcomes.next(victim.messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  const { story } = await product.read(attacker.messageId);
  expect(story.map(({ text }) => text).join("\n")).not.toMatch(/Succeeded/);
});

it("a report of another provider, or about another channel, changes nothing and is told", async () => {
  const { messageId, ids } = await sendBy(["sms", "viber"], "+6599990000");
  const named = { messageId, attemptIndex: 0, providerMessageId: randomUUID() };
  await upstream.report({ ...named, provider: "other", channel: "sms", status: "DELIVERED" });
  await untilTold(messageId, /another provider than the one that has the message/);
  await upstream.report({
    ...named,
    provider: "simulated-viber",
    channel: "viber",
    status: "FAILED",
  });
  await untilTold(messageId, /about another channel/);
  await post("simulated-sms", { id: ids[0], status: "delivered" });
  const outcome = await product.outcomes.next(messageId);
  expect(outcome).toMatchObject({ outcome: "SUCCEEDED", channel: "sms", duplicate: false });
});

it("a report of another provider that comes before the first word changes nothing either", async () => {
  const [messageId] = await upstream.send({ to: "+6599990003", steps: [{ channel: "sms" }] });
  await vi.waitFor(() => expect(idsOf.get(`${messageId}:0`)).toBeDefined(), { timeout: 30_000 });
  const named = { messageId: messageId!, attemptIndex: 0, providerMessageId: randomUUID() };
  const forged = { ...named, channel: "sms", status: "DELIVERED" } as const;
  await upstream.report({ ...forged, provider: "x" });
  await untilTold(messageId!, /another provider/);
  heldAnswers.get(`${messageId}:0`)!();
  await untilTold(messageId!, /reported accepted/);
  await upstream.report({ ...forged, provider: "simulated-sms" });
  await untilTold(messageId!, /none of those that it took the message under/);
  await post("simulated-sms", { id: idsOf.get(`${messageId}:0`)![0], status: "undelivered" });
  expect(await product.outcomes.next(messageId!)).toMatchObject({ outcome: "EXHAUSTED" });
});

it("a report does not make an id the attempt's by listing it", async () => {
  const { messageId, ids } = await sendBy(["sms", "viber"], "+6599990000");
  const [id, other] = [randomUUID(), randomUUID()];
  const named = { messageId, attemptIndex: 0, provider: "simulated-sms", channel: "sms" };
  const listing = { providerMessageId: id, providerMessageIds: [id, other] };
  await upstream.report({ ...named, ...listing, status: "FAILED" });
  await untilTold(messageId, /none of those that it took the message under/);
  await post("simulated-sms", { id: ids[0], status: "delivered" });
  const outcome = await product.outcomes.next(messageId);
  expect(outcome).toMatchObject({ outcome: "SUCCEEDED", channel: "sms", duplicate: false });
});

it("a long SMS of which a part fails falls through, though another part was delivered", async () => {
  const { messageId, ids } = await sendBy(["sms", "viber"], "+6599990002");
  await post("simulated-sms", { id: ids[0], status: "delivered" });
  await untilTold(messageId, /SMS reported delivered of one part/);
  await post("simulated-sms", { id: ids[1], status: "undelivered", errorCode: "7" });
  await untilTold(messageId, /Viber was started/);
  await vi.waitFor(() => expect(idsOf.get(`${messageId}:1`)).toBeDefined(), { timeout: 30_000 });
});

it("a long SMS succeeds once every part is delivered", async () => {
  const { messageId, ids } = await sendBy(["sms"], "+6599990002");
  await post("simulated-sms", { id: ids[0], status: "delivered" });
  await post("simulated-sms", { id: ids[1], status: "delivered" });
  expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
});
