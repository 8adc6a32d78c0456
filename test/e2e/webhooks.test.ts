// A customer's endpoint hears of a message that falls back, in 8x8's and Infobip's shape at the
// message's own URL and in the native shape at a registered webhook.
import { randomUUID } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { notOvertaken } from "#test/support/not-overtaken.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type Received, type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const ACCOUNT = "/ft/v1/accounts/demo";
const WITHIN = { timeout: 30_000, interval: 50 };
/** WhatsApp says sent and no more of a number that ends so, within the 3.6 s of its step; SMS delivers. */
const message = {
  user: { msisdn: "+6599990250" },
  type: "text",
  content: { text: "Hello" },
  channels: [
    { channel: "WhatsApp", fallbackAfter: 180, successStatus: "Delivered" },
    { channel: "SMS" },
  ],
};

const opened = new AsyncDisposableStack();
let product: Product;
let endpoint: Receiver;

beforeAll(async () => {
  endpoint = opened.use(await startReceiver());
  const env = { WEBHOOK_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
});
afterAll(() => opened.disposeAsync());

async function asAdmin(method: string, path: string, body?: object) {
  const answer = await fetch(`${product.places.apiUrl}${ACCOUNT}${path}`, {
    method,
    headers: {
      authorization: "Bearer demo-admin-key",
      ...(body && { "content-type": "application/json" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
  return Object(await answer.json());
}

/** Every notification of the message, checked as a receiver should. */
function told(messageId: string, secret: string) {
  const own = endpoint.received.filter(({ body }) => body.includes(messageId));
  return own.map((received) => Object(new Webhook(secret).verify(received.body, signed(received))));
}

function signed({ headers }: Received): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

it("tells the message's own URL of both channels, in 8x8's words, in order and signed", async () => {
  const { secret } = await asAdmin("GET", "/callback-secret");
  const messageId = await product.send({ ...message, dlrCallbackUrl: endpoint.url });
  await vi.waitFor(() => {
    expect(told(messageId, secret).at(-1)).toMatchObject({
      eventType: "outbound_message_status_changed",
      payload: {
        umid: messageId,
        channel: "sms",
        status: { state: "delivered" },
        step: 2,
        final: true,
      },
    });
  }, WITHIN);
  const words = told(messageId, secret).map(
    ({ payload }) => `${payload.channel} ${payload.status.state}`,
  );
  const fallback = words.findIndex((each) => each.startsWith("sms"));
  expect(words.slice(0, fallback).every((each) => each.startsWith("whatsapp"))).toBe(true);
  const bySms = ["sms queued", "sms sent", "sms delivered"];
  expect(words.slice(fallback)).toEqual(notOvertaken(bySms, words));
  expect(told(messageId, secret)[fallback - 1]).toMatchObject({
    payload: {
      channel: "whatsapp",
      status: { state: "undelivered", errorCode: 36 },
      nextChannel: "sms",
      final: false,
    },
  });
});

it("tells a client of Infobip's of a failover in one delivery report", async () => {
  const messageId = `ib-${randomUUID()}`;
  const to = "6599990250";
  const answer = await fetch(`${product.places.apiUrl}/messages-api/1/messages`, {
    method: "POST",
    headers: { authorization: "App demo-key", "content-type": "application/json" },
    body: JSON.stringify({
      messages: [
        {
          channel: "WHATSAPP",
          sender: "FALLTHRU",
          destinations: [
            {
              byChannel: [
                { channel: "WHATSAPP", to },
                { channel: "SMS", to },
              ],
              messageId,
            },
          ],
          content: { body: { text: "Hello", type: "TEXT" } },
          options: { validityPeriod: { amount: 60, timeUnit: "SECONDS" } },
          failover: [{ channel: "SMS", sender: "FALLTHRU" }],
          webhooks: { delivery: { url: endpoint.url } },
        },
      ],
    }),
  });
  const { bulkId, messages } = Object(await answer.json());
  expect(messages).toMatchObject([{ messageId, status: { groupName: "PENDING" } }]);
  const { secret } = await asAdmin("GET", "/callback-secret");
  await vi.waitFor(() => expect(told(messageId, secret)).not.toHaveLength(0), WITHIN);
  expect(told(messageId, secret)).toMatchObject([
    {
      results: [
        {
          event: "DELIVERY",
          channel: "SMS",
          sender: "FALLTHRU",
          destination: to,
          bulkId,
          messageId,
          messageCount: 1,
          status: { groupName: "DELIVERED", id: 5 },
          error: { id: 0 },
        },
      ],
    },
  ]);
});

it("tells a registered webhook the whole story in the native shape", async () => {
  // The secret is shown to who makes it alone.
  const path = `/webhooks/e2e-${randomUUID()}`.slice(0, 30);
  const { secret } = await asAdmin("PUT", path, { url: endpoint.url });
  const messageId = await product.send(message);
  await vi.waitFor(() => {
    expect(told(messageId, secret).at(-1)).toMatchObject({
      type: "message.ended",
      data: { messageId, accountId: "demo", outcome: "SUCCEEDED", revision: 1, channel: "sms" },
    });
  }, WITHIN);
  const own = told(messageId, secret);
  expect(own.filter(({ type }) => type === "message.attempt-started")).toHaveLength(2);
  const { story } = await product.read(messageId);
  const sentences = story.map(({ text }) => text);
  for (const { data } of own) expect(sentences).toContain(data.text);
});
