// A customer of 8x8 who changes nothing but the base URL and the key: every request of 8x8's guides
// on fallback, batches, reads and cancels, with the real product and its simulated carriers.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { ApiError, type EightByEightClient, eightByEightClient } from "#test/support/8x8/client.ts";
import { apiCaller } from "#test/support/api-caller.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { example } from "#test/support/stories.ts";

/** 60 s become 1.2 s. */
const TIME_SCALE = 0.02;
const FINAL = ["read", "delivered", "undelivered", "rejected"];

const opened = new AsyncDisposableStack();
let product: Product;
let client: EightByEightClient;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: TIME_SCALE }));
  const { apiUrl: baseUrl } = product.places;
  client = eightByEightClient({ baseUrl, subAccountId: "demo", apiKey: "demo-key" });
});
afterAll(() => opened.disposeAsync());

/** The rows of a message once there are so many and the last one has come to its end. */
function chainOf(umid: string, stepCount: number) {
  return vi.waitFor(
    async () => {
      const rows = await client.read(umid);
      expect(rows).toHaveLength(stepCount);
      expect(FINAL).toContain(rows.at(-1)!.status.state);
      return rows;
    },
    { timeout: 30_000, interval: 50 },
  );
}

async function channelsCalled(umid: string): Promise<string[]> {
  return (await product.callsOf(umid)).map(({ channel }) => channel);
}

const inMinutes = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

const asItStands = [
  "three-channels",
  "two-channels",
  "single-channel",
  "template-with-fallback-text",
  "interactive-button",
  "interactive-list",
  "template-ttl-aligned",
  "template-without-channels",
];

const undelivered = { state: "undelivered", detail: "undelivered_to_recipient" };
const delivered = { state: "delivered", detail: "delivered_to_recipient" };
const row = (channel: string, step: number, status: object) => ({ channel, step, status });

describe.concurrent("each request of the guides", () => {
  it.each(asItStands)("is taken as it stands: %s", async (name) => {
    const request = example(name);
    const { umid, user, status } = await client.send(request);
    expect(request).toMatchObject({ user });
    expect(status.state).toBe("queued");
    const [first] = await client.read(umid);
    expect(first).toMatchObject({
      umid,
      subAccountId: "demo",
      channel: "WhatsApp",
      step: 1,
      direction: "outbound",
    });
    expect(first!.user.msisdn).not.toBe(user.msisdn);
  });

  it.each([
    ["three-channels", ["WhatsApp", "Viber", "SMS"]],
    ["two-channels", ["WhatsApp", "SMS"]],
    ["single-channel", ["WhatsApp"]],
    ["template-with-fallback-text", ["WhatsApp", "SMS"]],
    ["interactive-button", ["WhatsApp", "SMS"]],
    ["interactive-list", ["WhatsApp", "SMS"]],
    ["template-ttl-aligned", ["WhatsApp", "SMS"]],
    ["template-without-channels", ["WhatsApp", "SMS"]],
  ])("falls through to its last channel: %s", async (name, channels) => {
    const { umid } = await client.send(example(name, "+6599990550"));
    const rows = await chainOf(umid, channels.length);
    const expected = channels.map((channel, index) =>
      row(channel, index + 1, channel === "SMS" ? delivered : undelivered),
    );
    expect(rows).toMatchObject(expected);
    for (const { errorCode } of rows.slice(0, -1).map(({ status }) => status)) {
      expect(errorCode).toEqual(expect.any(Number));
    }
  });
});

/** WhatsApp and Viber refuse a number that ends so for good; SMS delivers. */
const REFUSED = { msisdn: "+6599990330" };
const byShop = { encoding: "AUTO", source: "SHOP" };

/** What the carriers were called once both channels have come to their end. */
async function callsOfBoth(body: object) {
  const { umid } = await client.send({ user: REFUSED, ...body });
  await chainOf(umid, 2);
  return product.callsOf(umid);
}

describe.concurrent("the SMS of a message that WhatsApp cannot deliver", () => {
  it("says fallbackText as it is written, also of a session message, with characters of every kind", async () => {
    const fallbackText = "Hi \u{1f600}, 5 € for „Ärger“ — Привет";
    const content = { text: "*Hello*", fallbackText, sms: byShop };
    const [whatsapp, fallback] = await callsOfBoth({ type: "text", content });
    expect(whatsapp).toMatchObject({ channel: "whatsapp", text: "*Hello*" });
    expect(fallback).toMatchObject({ channel: "sms", text: fallbackText, sender: "SHOP" });
  });

  it.each(["interactive-button", "interactive-list", "template-without-channels"])(
    "says the fallbackText of the guides in place of what SMS cannot show: %s",
    async (name) => {
      const { type, content } = Object(example(name));
      const [, fallback] = await callsOfBoth({ type, content });
      const { fallbackText: text, sms: own } = content;
      expect(fallback).toMatchObject({ channel: "sms", text, sender: own.source });
    },
  );

  it("stands in for a location", async () => {
    const location = { latitude: 1.28, longitude: 103.85, name: "Office" };
    const content = { location, fallbackText: "We are at 1 Raffles Place.", sms: byShop };
    const [whatsapp, fallback] = await callsOfBoth({ type: "location", content });
    expect(whatsapp!.text).toContain("103.85");
    expect(fallback).toMatchObject({ channel: "sms", text: "We are at 1 Raffles Place." });
  });
});

it("goes by the sub-account's own fallback rule, which channels in a request override", async () => {
  const call = apiCaller(() => product.places.apiUrl);
  const subAccountId = `e-${randomUUID()}`.slice(0, 30);
  const path = `/ft/v1/accounts/${subAccountId}`;
  const account = await call("PUT", path, { body: { name: "8x8's client" } });
  for (const channel of ["whatsapp", "viber", "sms"]) {
    await call("PUT", `${path}/channels/${channel}`, { body: { senders: ["FALLTHRU"] } });
  }
  const steps = [{ channel: "viber", waitSeconds: 60 }, { channel: "sms" }];
  const { etag } = await call("PUT", `${path}/flows/own`, { body: { steps } });
  await call("POST", `${path}/flows/own/publish`, { headers: { "if-match": etag } });
  const headers = { "if-match": account.etag };
  const ruled = await call("PUT", path, { body: { name: "Ruled", defaultFlow: "own" }, headers });
  expect(ruled.status).toBe(200);
  const made = await call("POST", `${path}/api-keys`, { body: { scopes: ["send", "read"] } });
  const { apiUrl: baseUrl } = product.places;
  const own = eightByEightClient({ baseUrl, subAccountId, apiKey: made.body.key });
  const content = { text: "Hello", fallbackText: "Hello", sms: byShop };
  const body = { user: REFUSED, type: "text", content };
  const channels = [{ channel: "WhatsApp", fallbackAfter: 60 }, { channel: "SMS" }];
  const [byRule, byRequest] = [await own.send(body), await own.send({ ...body, channels })];
  await product.outcomes.next(byRule.umid);
  await product.outcomes.next(byRequest.umid);
  expect(await channelsCalled(byRule.umid)).toEqual(["viber", "sms"]);
  expect(await channelsCalled(byRequest.umid)).toEqual(["whatsapp", "sms"]);
});

describe("a batch", () => {
  const template = {
    type: "text",
    content: { text: "Your parcel is on its way.", sms: { encoding: "AUTO", source: "SHOP" } },
    channels: [
      { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Delivered" },
      { channel: "SMS" },
    ],
  };

  it("takes what is right in it and says what is wrong", async () => {
    const answer = await client.sendBatch({
      clientBatchId: "parcels-1",
      template,
      messages: [
        { user: { msisdn: "+6599990000" }, clientMessageId: "p-1" },
        { user: { msisdn: "+6599990500" }, clientMessageId: "p-2", content: { text: "Soon!" } },
        { user: { msisdn: "nobody" }, clientMessageId: "p-3" },
        { user: { msisdn: "+6599990000" }, clientMessageId: "p-1" },
        { user: { msisdn: "+6599990000" }, channels: [{ channel: "sms" }] },
      ],
      includeMessagesInResponse: true,
    });
    expect(answer).toMatchObject({
      clientBatchId: "parcels-1",
      acceptedCount: 2,
      rejectedCount: 3,
    });
    expect(answer.messages!.map(({ status }) => status.errorCode ?? status.state)).toEqual([
      "queued",
      "queued",
      3003,
      1008,
      3022,
    ]);
    const umids = answer.messages!.map(({ umid }) => umid);
    expect(new Set(umids).size).toBe(5);
    const ids = { batchId: answer.batchId, clientBatchId: "parcels-1" };
    expect(await chainOf(umids[0]!, 1)).toMatchObject([{ ...ids, clientMessageId: "p-1" }]);
    expect(await chainOf(umids[1]!, 2)).toMatchObject([
      { ...ids, clientMessageId: "p-2", channel: "WhatsApp" },
      { ...ids, clientMessageId: "p-2", channel: "SMS" },
    ]);
    const [, sms] = await product.callsOf(umids[1]!);
    expect(sms).toMatchObject({ text: "Soon!", sender: "SHOP" });
  });

  it("is cancelled whole while it is scheduled", async () => {
    const messages = Array.from({ length: 300 }, (_, index) => ({
      user: { msisdn: `+65999${String(index).padStart(5, "0")}` },
      scheduled: inMinutes(60),
    }));
    const { batchId, acceptedCount } = await client.sendBatch({ template, messages });
    expect(acceptedCount).toBe(300);
    expect(await client.cancelBatch(batchId)).toEqual({ cancelledCount: 300 });
    expect(await client.cancelBatch(batchId)).toEqual({ cancelledCount: 0 });
  });

  it("may have 10,000 messages, and is cancelled whole then too", async () => {
    const messages = Array.from({ length: 10_000 }, (_, index) => ({
      user: { msisdn: `+65999${String(index).padStart(5, "0")}` },
      clientMessageId: `m-${index}`,
      scheduled: inMinutes(60),
    }));
    const answer = await client.sendBatch({ template, messages });
    expect(answer).toMatchObject({ acceptedCount: 10_000, rejectedCount: 0 });
    expect(await client.cancelBatch(answer.batchId)).toEqual({ cancelledCount: 10_000 });
  });
});

describe.concurrent("a cancel", () => {
  const text = { type: "text", content: { text: "Hello" } };
  const silentThenSms = {
    ...text,
    user: { msisdn: "+6599990400" },
    channels: [{ channel: "WhatsApp", fallbackAfter: 300 }, { channel: "SMS" }],
  };

  it("stops a scheduled message", async () => {
    const message = { ...text, user: { msisdn: "+6599990000" }, scheduled: inMinutes(30) };
    const { umid } = await client.send(message);
    expect(await client.cancel(umid)).toEqual({ cancelledCount: 1 });
    expect(await client.cancel(umid)).toEqual({ cancelledCount: 0 });
    expect(await product.outcomes.next(umid)).toMatchObject({ outcome: "CANCELED" });
    expect(await channelsCalled(umid)).toEqual([]);
  });

  it("between two steps keeps the next one from starting", async () => {
    const { umid } = await client.send(silentThenSms);
    await vi.waitFor(async () => expect(await channelsCalled(umid)).toEqual(["whatsapp"]), 30_000);
    expect(await client.cancel(umid)).toEqual({ cancelledCount: 1 });
    // One that was sent later and not cancelled shows when the SMS would have gone out.
    const { umid: other } = await client.send(silentThenSms);
    await product.outcomes.next(other);
    expect(await channelsCalled(other)).toEqual(["whatsapp", "sms"]);
    expect(await channelsCalled(umid)).toEqual(["whatsapp"]);
    expect(product.outcomes.of(umid)).toMatchObject([{ outcome: "CANCELED" }]);
  });

  it("comes too late for a message that got through", async () => {
    const { umid } = await client.send({ ...text, user: { msisdn: "+6599990000" } });
    await product.outcomes.next(umid);
    expect(await client.cancel(umid)).toEqual({ cancelledCount: 0 });
  });
});

describe.concurrent("times", () => {
  const bySms = { type: "text", content: { text: "Hello" }, channels: [{ channel: "SMS" }] };

  it("start a scheduled message at its time and not before", async () => {
    const scheduled = new Date(Date.now() + 2_000).toISOString().replace("Z", "000+00:00");
    const { umid } = await client.send({ ...bySms, user: { msisdn: "+6599990000" }, scheduled });
    await product.outcomes.next(umid);
    const [call] = await product.callsOf(umid);
    expect(call!.receivedAt).toBeGreaterThanOrEqual(Date.parse(scheduled));
  });

  it("end a message at its expiry", async () => {
    const { umid } = await client.send({
      ...bySms,
      user: { msisdn: "+6599990400" },
      channels: [{ channel: "WhatsApp", fallbackAfter: 3_000 }, { channel: "SMS" }],
      expiry: new Date(Date.now() + 5_000).toISOString(),
    });
    expect(await product.outcomes.next(umid)).toMatchObject({ outcome: "EXPIRED" });
    expect(await channelsCalled(umid)).toEqual(["whatsapp"]);
  });
});

const refusalOf = (call: Promise<unknown>) =>
  call.then(
    () => expect.fail("It was not refused."),
    (error: unknown) => error,
  );

describe.concurrent("what is refused", () => {
  it("is told in 8x8's error body", async () => {
    const stranger = eightByEightClient({
      baseUrl: product.places.apiUrl,
      subAccountId: "demo",
      apiKey: "wrong",
    });
    const nobody = "00000000-0000-4000-8000-000000000000";
    const errors = await Promise.all([
      refusalOf(stranger.send(example("single-channel"))),
      refusalOf(client.send({})),
      refusalOf(client.sendBatch({})),
      refusalOf(client.read(nobody)),
      refusalOf(client.cancel(nobody)),
      refusalOf(client.cancelBatch(nobody)),
    ]);
    for (const error of errors) expect(error).toBeInstanceOf(ApiError);
    expect(errors).toMatchObject([
      { status: 401, code: 1200 },
      { status: 400, code: 3001 },
      { status: 400, code: 3012 },
      { status: 404, code: 1300 },
      { status: 404, code: 1300 },
      { status: 404, code: 1300 },
    ]);
  });
});
