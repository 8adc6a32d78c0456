// Senders and carriers' bridges that know only Kafka and the registry: no request of theirs passes
// through HTTP, and the words of every vendor's fallback settings are steps of theirs.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import type { MessageOutcome, StepInit } from "#libs/contracts/generated/types.ts";
import { almostFull } from "#test/support/almost-full.ts";
import { nativeCustomer } from "#test/support/native-customer.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { connectUpstream, type Upstream } from "#test/support/upstream.ts";

/** 60 s become 1.2 s. */
const TIME_SCALE = 0.02;
/** Becomes 6 s: on a busy machine a step of less may be over before its carrier is called, and then never is. */
const CALLED_WITHIN_SECONDS = 300;
const WITHIN = { timeout: 30_000, interval: 50 };
const HOUR_MS = 3_600_000;
/** The demonstration account's prices, in 1/10,000 EUR. */
const [WHATSAPP_COST, SMS_COST] = [350, 450];

const opened = new AsyncDisposableStack();
let product: Product;
let upstream: Upstream;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: TIME_SCALE }));
  upstream = opened.use(await connectUpstream(product.places));
});
afterAll(() => opened.disposeAsync());

const sms: StepInit = { channel: "sms" };

function whatsapp(wanted: StepInit["wanted"], waitSeconds: number | null): StepInit {
  return { channel: "whatsapp", wanted, waitSeconds };
}

type Request = Parameters<Upstream["send"]>[0];

async function send(request: Request): Promise<string> {
  const [messageId] = await upstream.send(request);
  return messageId!;
}

/** Which carriers were called, in order. */
async function called(messageId: string): Promise<string[]> {
  return (await product.callsOf(messageId)).map(({ channel }) => channel);
}

/** The provider's id of the message's call on a channel, as soon as there was one. */
function providerIdOn(channel: string, messageId: string): Promise<string> {
  return vi.waitFor(async () => {
    const calls = await product.callsOf(messageId);
    return calls.find((call) => call.channel === channel)!.providerMessageId!;
  }, WITHIN);
}

/** What a bridge says that knows the provider's id and nothing else. */
async function report(channel: string, messageId: string, status: "DELIVERED" | "UNREAD") {
  const providerMessageId = await providerIdOn(channel, messageId);
  await upstream.report({ provider: `simulated-${channel}`, providerMessageId, channel, status });
}

function untilNoted(messageId: string, rule: string): Promise<void> {
  return vi.waitFor(async () => {
    const { story } = await product.read(messageId);
    expect(story.map((event) => event.rule)).toContain(rule);
  }, WITHIN);
}

function brief({ outcome, channel, revision, duplicate }: MessageOutcome) {
  return { outcome, channel, revision, duplicate };
}

describe.concurrent("Alibaba's fallback settings", () => {
  it("falls back when nothing was delivered for the duration", async () => {
    const messageId = await send({
      to: "+6599990400",
      steps: [whatsapp("DELIVERED", CALLED_WITHIN_SECONDS), sms],
    });
    expect(await product.outcomes.next(messageId)).toMatchObject({ channel: "sms" });
    expect(await called(messageId)).toEqual(["whatsapp", "sms"]);
  });

  it("falls back at once when sending failed, and not by time where there is no duration", async () => {
    const steps = [whatsapp("SENT", null), sms];
    const [sent, refused] = await upstream.send(
      { to: "+6599990200", steps },
      { to: "+6599990300", steps },
    );
    expect(await product.outcomes.next(sent!)).toMatchObject({ channel: "whatsapp" });
    expect(await product.outcomes.next(refused!)).toMatchObject({ channel: "sms" });
    expect(await called(sent!)).toEqual(["whatsapp"]);
    expect(await called(refused!)).toEqual(["whatsapp", "sms"]);
  });

  it("falls back on an unread report alone where there is no duration", async () => {
    const messageId = await send({ to: "+6599990100", steps: [whatsapp("READ", null), sms] });
    await vi.waitFor(async () => {
      const { attempts } = await product.read(messageId);
      expect(attempts).toMatchObject([{ status: "DELIVERED" }]);
    }, WITHIN);
    await report("whatsapp", messageId, "UNREAD");
    const outcome = await product.outcomes.next(messageId);
    expect(brief(outcome)).toEqual({
      outcome: "SUCCEEDED",
      channel: "sms",
      revision: 1,
      duplicate: true,
    });
    const { story } = await product.read(messageId);
    expect(story.map(({ rule }) => rule)).toContain("unread-report");
  });

  it("tells that both are charged when the delivered report comes after the fallback", async () => {
    const steps = [whatsapp("DELIVERED", CALLED_WITHIN_SECONDS), sms];
    const messageId = await send({ to: "+6599990400", steps });
    const first = await product.outcomes.next(messageId);
    expect(first).toMatchObject({ channel: "sms", duplicate: false, extraCost: null });
    expect(first.attempts.map(({ cost }) => cost)).toEqual([0, SMS_COST]);
    await report("whatsapp", messageId, "DELIVERED");
    const amended = await product.outcomes.next(messageId, { revision: 2 });
    expect(amended).toMatchObject({ outcome: "SUCCEEDED", duplicate: true, lateSuccess: true });
    expect(amended).toMatchObject({ extraCost: SMS_COST, currency: "EUR" });
    expect(amended.attempts.map(({ cost }) => cost)).toEqual([WHATSAPP_COST, SMS_COST]);
    const { body } = await nativeCustomer(product.places.apiUrl)(`/messages/${messageId}`);
    expect(body).toMatchObject({
      cost: { amount: WHATSAPP_COST + SMS_COST, currency: "EUR" },
      extraCost: { amount: SMS_COST, currency: "EUR" },
    });
    const metrics = await product.process.metrics();
    expect(metrics).toMatch(
      /fallthrough_early_fallbacks_total\{channel="whatsapp",next="sms"\} [1-9]/,
    );
    expect(metrics).toMatch(/fallthrough_extra_cost_total\{currency="EUR"\} [1-9]/);
  });
});

describe.concurrent("Kaleyra's flows", () => {
  const closing: StepInit = { channel: "sms", waitSeconds: CALLED_WITHIN_SECONDS };

  it("ends unconfirmed with the last channel's delay and ignores what is reported later", async () => {
    const steps = [whatsapp("DELIVERED", CALLED_WITHIN_SECONDS), closing];
    const messageId = await send({ to: "+6599990404", steps, lateReports: "IGNORE" });
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "UNCONFIRMED" });
    await report("sms", messageId, "DELIVERED");
    await untilNoted(messageId, "late-reports-ignored");
    expect(product.outcomes.of(messageId)).toHaveLength(1);
    expect(await called(messageId)).toEqual(["whatsapp", "sms"]);
  });

  it("amends the same message where late reports count", async () => {
    const messageId = await send({ to: "+6599990404", steps: [closing] });
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "UNCONFIRMED" });
    await report("sms", messageId, "DELIVERED");
    const amended = await product.outcomes.next(messageId, { revision: 2 });
    expect(amended).toMatchObject({ outcome: "SUCCEEDED", channel: "sms", lateSuccess: true });
  });
});

describe.concurrent("steps of other kinds", () => {
  it("takes the account's flow where the request names none", async () => {
    const messageId = await send({ to: "+6599990300" });
    expect(await product.outcomes.next(messageId)).toMatchObject({ channel: "sms" });
    expect(await called(messageId)).toEqual(["whatsapp", "sms"]);
  });

  it("stops at a failure where the step says so", async () => {
    const only: StepInit = { ...whatsapp("DELIVERED", CALLED_WITHIN_SECONDS), onFailure: "STOP" };
    const messageId = await send({ to: "+6599990300", steps: [only, sms] });
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "EXHAUSTED" });
    expect(await called(messageId)).toEqual(["whatsapp"]);
  });

  it("goes on after accepted only if the channel refuses", async () => {
    const messageId = await send({ to: "+6599990400", steps: [whatsapp("ACCEPTED", null), sms] });
    expect(await product.outcomes.next(messageId)).toMatchObject({ channel: "whatsapp" });
    expect(await called(messageId)).toEqual(["whatsapp"]);
  });

  it("repeats a lost call under the same key where the provider takes one", async () => {
    const messageId = await send({
      to: "+6599999000",
      steps: [{ channel: "rcs", waitSeconds: 600 }],
    });
    expect(await product.outcomes.next(messageId)).toMatchObject({ channel: "rcs" });
    // The carrier sends the message once, however often it is called with one key.
    expect(await called(messageId)).toEqual(["rcs"]);
  });
});

describe.concurrent("requests that cannot be carried out", () => {
  const longText = { type: "TEXT", text: "x".repeat(161) } as const;
  const image = { type: "IMAGE", richJson: '{"url":"https://example.com/a.jpg"}' } as const;
  const refusals: [code: string, request: Request][] = [
    ["unknown-account", { to: "+6599990000", accountId: "nobody" }],
    ["unknown-flow", { to: "+6599990000", flowId: "nowhere" }],
    ["unknown-channel", { to: "+6599990000", steps: [{ channel: "pigeon" }] }],
    ["impossible-wait", { to: "+6599990000", steps: [whatsapp("READ", 0), sms] }],
    ["too-many-steps", { to: "+6599990000", steps: Array.from({ length: 11 }, () => sms) }],
    ["no-recipient", { to: "" }],
    ["sms-without-text", { to: "+6599990000", steps: [sms], content: image }],
    ["sms-too-long", { to: "+6599990000", steps: [sms], content: longText }],
    ["stale-request", { to: "+6599990000", requestedAt: Date.now() - 25 * HOUR_MS }],
    ["schedule-too-far", { to: "+6599990000", scheduledAt: Date.now() + 31 * 24 * HOUR_MS }],
  ];

  it.each(refusals)("ends as rejected with the code %s", async (code, request) => {
    const messageId = await send(request);
    const outcome = await product.outcomes.next(messageId);
    expect(outcome).toMatchObject({ outcome: "REJECTED", revision: 1, code, attempts: [] });
    expect(await called(messageId)).toEqual([]);
  });
});

describe.concurrent("schedule, cancel and expiry", () => {
  it("starts a scheduled message at its time and not before", async () => {
    const scheduledAt = Date.now() + 1_500;
    const messageId = await send({ to: "+6599990000", scheduledAt, steps: [sms] });
    await product.outcomes.next(messageId);
    const [call] = await product.callsOf(messageId);
    expect(call!.receivedAt).toBeGreaterThanOrEqual(scheduledAt);
  });

  it("never starts a scheduled message that was cancelled", async () => {
    const scheduledAt = Date.now() + 60_000;
    const messageId = await send({ to: "+6599990000", scheduledAt, steps: [sms] });
    await upstream.cancel(messageId);
    const { outcome, decidedAt } = await product.outcomes.next(messageId);
    expect(outcome).toBe("CANCELED");
    expect(decidedAt).toBeLessThan(scheduledAt);
    expect(await called(messageId)).toEqual([]);
  });

  it("starts no further step after a cancel", async () => {
    const messageId = await send({ to: "+6599990400", steps: [whatsapp("DELIVERED", 300), sms] });
    await providerIdOn("whatsapp", messageId);
    await upstream.cancel(messageId);
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "CANCELED" });
    const other = await send({ to: "+6599990400", steps: [whatsapp("DELIVERED", 300), sms] });
    // By then the cancelled one's wait would have ended as well.
    await product.outcomes.next(other);
    expect(await called(messageId)).toEqual(["whatsapp"]);
  });

  it("remembers a cancel that overtakes its request", async () => {
    const messageId = randomUUID();
    await upstream.cancel(messageId, { reason: "ordered twice" });
    await send({ messageId, to: "+6599990000", steps: [sms] });
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "CANCELED" });
    expect(await called(messageId)).toEqual([]);
  });

  it("lets no account cancel another one's message", async () => {
    const steps = [whatsapp("DELIVERED", CALLED_WITHIN_SECONDS), sms];
    const messageId = await send({ to: "+6599990400", steps });
    await providerIdOn("whatsapp", messageId);
    await upstream.cancel(messageId, { accountId: "stranger" });
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  });

  it("starts no step once the message has expired", async () => {
    const expiresAt = Date.now() + 5_000;
    const steps = [whatsapp("DELIVERED", 3_000), sms];
    const messageId = await send({ to: "+6599990400", expiresAt, steps });
    const { outcome, decidedAt } = await product.outcomes.next(messageId);
    expect(outcome).toBe("EXPIRED");
    expect(decidedAt).toBeGreaterThanOrEqual(expiresAt);
    expect(await called(messageId)).toEqual(["whatsapp"]);
  });
});

it.concurrent("joins a bridge's report through the provider's own id", async () => {
  const messageId = await send({ to: "+6599990004", steps: [sms] });
  await report("sms", messageId, "DELIVERED");
  expect(await product.outcomes.next(messageId)).toMatchObject({
    outcome: "SUCCEEDED",
    channel: "sms",
    revision: 1,
  });
});

// Alone: nobody's messages are taken meanwhile.
it("takes nothing new while Redis is nearly full, and lets what is there go on to its end", async () => {
  const customer = nativeCustomer(product.places.apiUrl);
  const ask = { content: { text: "Hello" }, steps: [{ channel: "sms" }] };
  const body = { ...ask, recipient: { msisdn: "+6599990250" } };
  const scheduledAt = new Date(Date.now() + HOUR_MS).toISOString();
  const later = await customer("/messages", { ...body, scheduledAt });
  await vi.waitFor(() => product.read(later.body.messageId!), WITHIN);
  await using redis = await almostFull(process.env["REDIS_URL"]!);
  // WhatsApp stays silent, SMS refuses: a timer, a tick, two calls and their reports.
  const open = await send({ to: "+6599990403", steps: [whatsapp("READ", 250), sms] });
  await providerIdOn("whatsapp", open);
  await redis.fill();
  const refused = await vi.waitFor(async () => {
    const answer = await customer("/messages", body);
    expect(answer.status).toBe(503);
    return answer;
  }, WITHIN);
  expect(refused.headers.get("retry-after")).toBe("10");
  const ofVendor = {
    channels: [{ channel: "SMS" }],
    user: { msisdn: "+6599990250" },
    type: "text",
  };
  await expect(product.send({ ...ofVendor, content: { text: "x" } })).rejects.toThrow("503");
  // Its wait alone is longer than the second within which every part of the product has looked.
  expect(await product.outcomes.next(open)).toMatchObject({ outcome: "EXHAUSTED" });
  const waiting = await send({ to: "+6599990250", steps: [sms] });
  expect(await customer(`/messages/${later.body.messageId}/cancel`, {})).toMatchObject({
    status: 200,
  });
  await expect(product.outcomes.next(waiting, { timeoutMs: 2_000 })).rejects.toThrow(/no outcome/);
  expect(await customer(`/messages/${waiting}`)).toMatchObject({ status: 404 });
  expect(await product.process.readiness()).toContain("Redis is nearly full");
  expect(await product.process.metrics()).toMatch(/redis_memory_used_ratio 0\.[89]/);
  await redis.empty();
  expect(await product.outcomes.next(waiting)).toMatchObject({ outcome: "SUCCEEDED" });
  // Each part looks once a second: the api may look later than the consumer that has taken the other one.
  await vi.waitFor(async () => {
    expect(await customer("/messages", body)).toMatchObject({ status: 202 });
  }, WITHIN);
});
