// What other clients put on the product's topics by mistake or on purpose: whatever it is, the product
// lives, says what it has set aside, and gets the next message through.
import { zstdCompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { connectContracts } from "#libs/contracts/registry.ts";
import { produceBytes } from "#test/support/produce-bytes.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type RawRecord, rawBatch } from "#test/support/record-batch.ts";
import { connectUpstream, type Upstream } from "#test/support/upstream.ts";

const patience = { timeout: 60_000, interval: 200 };
const opened = new AsyncDisposableStack();
let product: Product;
let upstream: Upstream;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: 0.02 }));
  upstream = opened.use(await connectUpstream(product.places));
}, 180_000);
afterAll(() => opened.disposeAsync());

const headers = [["nothing", null]] as const;

it("takes a request that has a header without a value", async () => {
  const { sendRequest } = await connectContracts(product.places);
  const messageId = crypto.randomUUID();
  const value = sendRequest.encode({
    messageId,
    accountId: "demo",
    recipient: { msisdn: "+6599990400" },
    content: { type: "TEXT", text: "Hi" },
    steps: [{ channel: "sms" }],
    requestedAt: Date.now(),
  });
  await produceBytes("send-requests", rawBatch({ records: [{ key: messageId, value, headers }] }));
  expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
}, 60_000);

const consumers = {
  "send-requests": "send-request-consumer",
  "cancel-requests": "send-request-consumer",
  "status-reports": "status-report-consumer",
  "timer-ticks": "timer-tick-consumer",
  "dispatch-sms": "channel-dispatcher",
  "message-journal": "webhook-notifier",
};
const odd: RawRecord[] = [
  { key: "a", value: "no wire format", headers },
  { key: "tombstone", value: null },
  { key: "", value: "" },
  { key: Buffer.from([0xff]), value: Buffer.from([0, 0, 0, 0, 1, 2]), headers },
];

it.each(Object.entries(consumers))(
  "lives through odd records on %s, and says which service has set them aside",
  async (topic, service) => {
    expect(await produceBytes(topic, rawBatch({ records: odd }))).toBe(0);
    const bomb = rawBatch({
      records: [{ key: "bomb", value: Buffer.alloc(100 * 1024 * 1024) }],
      attributes: 4,
      compress: zstdCompressSync,
    });
    expect(await produceBytes(topic, bomb)).toBe(0);
    const readiness = () => product.process.readiness();
    await expect
      .poll(readiness, patience)
      .toMatch(new RegExp(`- ${service}: .*of ${topic}/0 became`));
    const [messageId] = await upstream.send({ to: "+6599990400", steps: [{ channel: "sms" }] });
    expect(await product.outcomes.next(messageId!)).toMatchObject({ outcome: "SUCCEEDED" });
    expect(product.process.fault()).toBeUndefined();
  },
  90_000,
);
