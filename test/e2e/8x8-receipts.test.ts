// A customer of 8x8 registers a webhook in 8x8's words and reads every receipt strictly: all kinds of
// content, channels and ends, from the real product and its simulated carriers.
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { readReceipt } from "#test/support/8x8/receipt.ts";
import { notOvertaken } from "#test/support/not-overtaken.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const GUID = "de300000-0000-4000-8000-000000000001";
const WITHIN = { timeout: 30_000, interval: 50 };

const opened = new AsyncDisposableStack();
let product: Product;
let endpoint: Receiver;

beforeAll(async () => {
  endpoint = opened.use(await startReceiver());
  const env = { WEBHOOK_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
  await register(endpoint.url);
});
afterAll(() => opened.disposeAsync());

async function register(url: string): Promise<void> {
  const answer = await fetch(`${product.places.apiUrl}/api/v1/accounts/${GUID}/webhooks`, {
    method: "POST",
    headers: { authorization: "Bearer demo-key", "content-type": "application/json" },
    body: JSON.stringify([{ subAccountId: "demo", url }]),
  });
  expect(answer.status).toBe(200);
}

/** Every receipt of a message, in order, once the last one is there. */
function receiptsOf(umid: string, { received }: Receiver = endpoint) {
  return vi.waitFor(() => {
    const own = received.filter(({ body }) => body.includes(umid));
    const receipts = own.map(({ body }) => readReceipt(body));
    expect(receipts.at(-1)).toMatchObject({ final: true });
    return receipts;
  }, WITHIN);
}

const user = { msisdn: "+6599990000" };
const byWhatsApp = [{ channel: "WhatsApp" }];
const reply = { type: "reply", reply: { id: "1", title: "Yes" } };
const interactive = (type: string, action: object) => ({
  type: "interactive",
  content: { interactive: { type, body: { text: "Well?" }, action } },
});
const header = (parameter: object) => ({
  type: "template",
  content: {
    template: {
      name: "order_shipped",
      language: "en",
      components: [{ type: "header", parameters: [parameter] }],
    },
  },
});

describe("a strict receiver reads every receipt", () => {
  it.for([
    ["text", { type: "text", content: { text: "Hi" } }],
    ["media", { type: "image", content: { url: "https://a.example/1.png", text: "Look" } }],
    ["media", { type: "file", content: { url: "https://a.example/1.pdf" } }],
    ["location", { type: "location", content: { location: { latitude: 1.2, longitude: 103.8 } } }],
    ["template", header({ type: "image", url: "https://a.example/1.png" })],
    [
      "template",
      header({
        type: "location",
        location: { latitude: "38.8", longitude: "-77.0", name: "Here" },
      }),
    ],
    ["interactive", interactive("button", { buttons: [reply] })],
    [
      "interactive",
      interactive("list", { button: "Slots", sections: [{ rows: [{ id: "1", title: "Nine" }] }] }),
    ],
    [
      "interactive",
      interactive("cta_url", { parameters: { display_text: "Go", url: "https://a" } }),
    ],
    ["interactive", interactive("flow", { parameters: { flowId: "7", flowCta: "Share" } })],
    [undefined, interactive("voice_call", { name: "voice_call" })],
  ] as const)("of content that is told as %s: %j", async ([contentType, said]) => {
    const umid = await product.send({ ...said, user, channels: byWhatsApp });
    const receipts = await receiptsOf(umid);
    const told = receipts.find(({ status }) => status.detail === "delivered_to_recipient");
    expect(told).toMatchObject({ umid, channel: "whatsapp", user });
    expect(told!.outboundContent?.contentType).toBe(contentType);
  });

  it("of a message that falls through three channels", async () => {
    const channels = [
      { channel: "WhatsApp", fallbackAfter: 60 },
      { channel: "Viber", fallbackAfter: 60 },
      { channel: "SMS" },
    ];
    const umid = await product.send({
      user: { msisdn: "+6599990350" },
      type: "text",
      content: { text: "Hi", fallbackText: "Hi", sms: { encoding: "AUTO" } },
      clientMessageId: "c-1",
      channels,
    });
    const receipts = await receiptsOf(umid);
    expect(new Set(receipts.map(({ channel }) => channel))).toEqual(
      new Set(["whatsapp", "viber", "sms"]),
    );
    const beyond = receipts.filter(({ channel }) => channel !== "whatsapp");
    for (const { whatsapp, outboundContent } of beyond) {
      expect([whatsapp, outboundContent]).toEqual([undefined, undefined]);
    }
    expect(receipts).toContainEqual(
      expect.objectContaining({
        channel: "whatsapp",
        whatsapp: { providerErrorCode: "131026" },
        clientMessageId: "c-1",
      }),
    );
  });

  it("of somebody without a number, with WhatsApp's word for the price", async () => {
    const nobody = { channelUserId: "US.13491208655302741918" };
    const content = { text: "Hi", whatsApp: { directSend: { category: "utility" } } };
    const body = { user: nobody, type: "text", content, channels: byWhatsApp };
    const receipts = await receiptsOf(await product.send(body));
    expect(receipts.every((receipt) => receipt.user.channelUserId === nobody.channelUserId)).toBe(
      true,
    );
    const priced = receipts.filter(({ whatsapp }) => whatsapp?.pricingCategory === "utility");
    const states = priced.map(({ status }) => status.state);
    expect(states).toEqual(notOvertaken(["sent", "delivered"], states));
  });
});

it("tells another URL that is registered for the same scope, and the old one no more", async () => {
  await using moved = await startReceiver();
  await register(moved.url);
  const umid = await product.send({ user, type: "text", content: { text: "Hi" } });
  await receiptsOf(umid, moved);
  expect(endpoint.received.filter(({ body }) => body.includes(umid))).toEqual([]);
});
