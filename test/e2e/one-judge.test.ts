// What one way in refuses every other refuses, of the running product: the same fault is sent to the
// native API, in 8x8's dialect and on the topic, and each says so in its own words.
import { afterAll, beforeAll, expect, it } from "vitest";
import { faultCodes } from "#libs/judgement/fault.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { connectUpstream, type Upstream } from "#test/support/upstream.ts";
import { startReceiver } from "#test/support/webhook-receiver.ts";

type Record = Parameters<Upstream["send"]>[0];
/** One fault: over a good body of ours, over one of 8x8's, and over a good record. */
type Faulty = { ours: object; theirs: object; record: Partial<Record> };

const MONTH_MS = 31 * 24 * 3_600_000;
const TO = "+6599990000";
const later = () => Date.now() + MONTH_MS;
const lines = [{ type: "body", parameters: [{ type: "text", text: "two\nlines" }] }];
const template = { name: "otp", language: "en", components: lines };
const eleven = Array.from({ length: 11 }, () => "sms");

/** A code of ours, 8x8's code, and what brings them about. */
const faulty: [keyof typeof faultCodes, number, () => Faulty][] = [
  [
    "bad-number",
    3003,
    () => ({
      ours: { recipient: { msisdn: "BR.1393844729" } },
      theirs: { user: { msisdn: "BR.1393844729" } },
      record: { to: "BR.1393844729" },
    }),
  ],
  [
    "number-class-not-allowed",
    3003,
    () => ({
      ours: { recipient: { msisdn: "+449098790000" } },
      theirs: { user: { msisdn: "+449098790000" } },
      record: { to: "+8816123456789" },
    }),
  ],
  [
    "content-missing",
    3005,
    () => ({
      ours: { content: { text: " \u200b" } },
      theirs: { content: { text: " \u200b" } },
      record: { content: { type: "TEXT", text: " \u200b" } },
    }),
  ],
  [
    "too-many-steps",
    1010,
    () => ({
      ours: { steps: eleven.map((channel) => ({ channel })) },
      theirs: { channels: eleven.map(() => ({ channel: "SMS" })) },
      record: { steps: eleven.map((channel) => ({ channel })) },
    }),
  ],
  [
    "unknown-sender",
    3051,
    () => ({
      ours: { steps: [{ channel: "sms", sender: "ELSE" }] },
      theirs: { channels: [{ channel: "SMS", channelId: "ELSE" }] },
      record: { steps: [{ channel: "sms", sender: "ELSE" }] },
    }),
  ],
  [
    "bad-template-parameter",
    3041,
    () => ({
      ours: { steps: [{ channel: "whatsapp" }], content: { type: "TEMPLATE", template } },
      theirs: { channels: [{ channel: "WhatsApp" }], type: "template", content: { template } },
      record: {
        steps: [{ channel: "whatsapp" }],
        content: { type: "TEMPLATE", richJson: JSON.stringify({ template }) },
      },
    }),
  ],
  [
    "schedule-too-far",
    1011,
    () => ({
      ours: { scheduledAt: new Date(later()).toISOString() },
      theirs: { scheduled: new Date(later()).toISOString() },
      record: { scheduledAt: later() },
    }),
  ],
  [
    "bad-callback-url",
    3020,
    () => ({
      ours: { callbackUrl: "ftp://example.com" },
      theirs: { dlrCallbackUrl: "ftp://example.com" },
      record: { callbackUrl: "ftp://example.com" },
    }),
  ],
  [
    "too-long",
    3009,
    () => ({
      ours: { clientMessageId: "c".repeat(129) },
      theirs: { clientMessageId: "c".repeat(129) },
      record: { clientMessageId: "c".repeat(129) },
    }),
  ],
];

const opened = new AsyncDisposableStack();
let product: Product;
let upstream: Upstream;

beforeAll(async () => {
  product = opened.use(
    await startProduct({ env: { WEBHOOK_ALLOW_PRIVATE: "true" }, timeScale: 0.01 }),
  );
  upstream = opened.use(await connectUpstream(product.places));
});
afterAll(() => opened.disposeAsync());

async function codeOf(path: string, body: object): Promise<unknown> {
  const response = await fetch(`${product.places.apiUrl}${path}`, {
    method: "POST",
    headers: { authorization: "Bearer demo-key", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const answer: { code?: unknown } = JSON.parse(await response.text());
  return answer.code;
}

it.each(faulty)("%s is told on every way in", async (code, theirCode, make) => {
  const { ours, theirs, record } = make();
  const steps = [{ channel: "sms" }];
  const content = { text: "Hi" };
  const good = { recipient: { msisdn: TO }, content, steps };
  const theirGood = { user: { msisdn: TO }, type: "text", content, channels: [{ channel: "SMS" }] };
  const [messageId] = await upstream.send({ to: TO, steps, ...record });
  expect(await codeOf("/ft/v1/messages", { ...good, ...ours })).toBe(code);
  const path = "/api/v1/subaccounts/demo/messages";
  expect(await codeOf(path, { ...theirGood, ...theirs })).toBe(theirCode);
  const outcome = await product.outcomes.next(messageId!);
  expect(outcome).toMatchObject({ outcome: "REJECTED", code, attempts: [] });
});

const LIMITS = "/ft/v1/accounts/demo/limits";

async function asOperator(method: string, path: string, body?: object): Promise<unknown> {
  const response = await fetch(`${product.places.apiUrl}${path}`, {
    method,
    headers: {
      authorization: "Bearer demo-admin-key",
      "content-type": "application/json",
      ...(method === "GET" ? {} : { "if-match": "*" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return text === "" ? null : JSON.parse(text);
}

async function putNew(path: string, body: object): Promise<void> {
  const { status } = await fetch(`${product.places.apiUrl}${path}`, {
    method: "PUT",
    headers: { authorization: "Bearer demo-admin-key", "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  expect(status).toBe(201);
}

it("counts what Kafka and HTTP send against one cap, and tells on both that it is used up", async () => {
  const to = "+6599994000";
  const steps = [{ channel: "sms" }];
  await putNew(LIMITS, { daily: { messagesPerNumber: 2 } });
  // The files after this one send as the same account.
  await using limited = new AsyncDisposableStack();
  limited.defer(async () => void (await asOperator("DELETE", LIMITS)));
  const endpoint = limited.use(await startReceiver());
  const hook = "/ft/v1/accounts/demo/webhooks/of-caps";
  await putNew(hook, { url: endpoint.url });
  limited.defer(async () => void (await asOperator("DELETE", hook)));
  const [first] = await upstream.send({ to, steps });
  expect(await product.outcomes.next(first!)).toMatchObject({ outcome: "SUCCEEDED" });
  const ours = { recipient: { msisdn: to }, content: { text: "Hi" }, steps };
  expect(await codeOf("/ft/v1/messages", ours)).toBeUndefined();
  const refusedAt = () => codeOf("/ft/v1/messages", ours);
  await expect.poll(refusedAt, { timeout: 30_000 }).toBe("number-cap-reached");
  const theirs = { user: { msisdn: to }, type: "text", content: { text: "Hi" } };
  const path = "/api/v1/subaccounts/demo/messages";
  expect(await codeOf(path, { ...theirs, channels: [{ channel: "SMS" }] })).toBe(1100);
  const [over] = await upstream.send({ to, steps });
  const outcome = await product.outcomes.next(over!);
  expect(outcome).toMatchObject({ outcome: "REJECTED", code: "number-cap-reached", attempts: [] });
  // The second of two was near.
  const toldOfCaps = () => endpoint.received.filter(({ body }) => body.includes("cap-near"));
  await expect.poll(toldOfCaps, { timeout: 30_000 }).toHaveLength(1);
  expect(JSON.parse(toldOfCaps()[0]!.body)).toMatchObject({
    type: "account.cap-near",
    data: { accountId: "demo", cap: "number" },
  });
  // Refusals are noted soon after their answers.
  await expect
    .poll(() => asOperator("GET", "/ft/v1/accounts/demo/usage"))
    .toMatchObject({ refused: { "number-cap-reached": expect.any(Number) } });
});

it("tells all faults of a record at once, in its outcome and in its story", async () => {
  const steps = [{ channel: "sms" }, { channel: "viber", waitSeconds: 0 }];
  const scheduledAt = Date.now() + 31 * 24 * 3_600_000;
  const wrong = { scheduledAt, callbackUrl: "ftp://x" };
  const [messageId] = await upstream.send({ to: TO, steps, ...wrong });
  const outcome = await product.outcomes.next(messageId!);
  const codes = ["impossible-wait", "schedule-too-far", "bad-callback-url"];
  expect(outcome).toMatchObject({ outcome: "REJECTED", code: codes[0] });
  expect(outcome.faults.map(({ code }) => code)).toEqual(codes);
  const response = await fetch(`${product.places.apiUrl}/ft/v1/messages/${messageId}`, {
    headers: { authorization: "Bearer demo-key" },
  });
  const message: unknown = JSON.parse(await response.text());
  const faults = outcome.faults.map(({ code, path, words }) => ({ code, path, detail: words }));
  expect(message).toMatchObject({ story: [{ rule: "invalid-request", faults }] });
});
