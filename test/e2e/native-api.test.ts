// The native API, from the request to the carriers and back to the story.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { nativeCustomer } from "#test/support/native-customer.ts";
import { type Product, startProduct } from "#test/support/product.ts";

/** The last digits say what the carriers do: WhatsApp delivers, stays silent, refuses, is late. */
const DELIVERED = "+6599990000";
const SILENT = "+6599990400";
const UNDELIVERED = "+6599990500";
const LATE = "+6599990600";
const SMS_REFUSED = "+6599990003";

const TEMPLATE_PATH = "/accounts/demo/templates/otp_code.en";
const template = { name: "otp_code", language: "en" };
const code = { type: "TEMPLATE", template, fallbackText: "Your code is 1" };
const whatsapp = { channel: "whatsapp" };
const sms = { channel: "sms" };

const opened = new AsyncDisposableStack();
let product: Product;
let call: ReturnType<typeof nativeCustomer>;

beforeAll(async () => {
  product = opened.use(await startProduct({ timeScale: 0.02 }));
  call = nativeCustomer(product.places.apiUrl);
  const body = { ...template, category: "authentication", ttlSeconds: 600 };
  const admin = { key: "demo-admin-key", method: "PUT", headers: { "if-none-match": "*" } };
  const { status } = await call(TEMPLATE_PATH, body, admin);
  if (status !== 201) throw new Error(`The template was not made: HTTP ${status}.`);
});
afterAll(async () => {
  // An account with a template has others refused: the next tests send 8x8's own.
  const headers = { authorization: "Bearer demo-admin-key", "if-match": "*" };
  const url = `${product.places.apiUrl}/ft/v1${TEMPLATE_PATH}`;
  const { status } = await fetch(url, { method: "DELETE", headers });
  await opened.disposeAsync();
  if (status !== 204) throw new Error(`The template stays: HTTP ${status}.`);
});

const message = (msisdn: string, more: object = {}) => {
  return { recipient: { msisdn }, content: { text: "Hello" }, ...more };
};

async function send(body: unknown): Promise<string> {
  const answer = await call("/messages", body);
  expect(answer).toMatchObject({ status: 202, body: { messageId: expect.any(String) } });
  expect(answer.headers.get("location")).toBe(`/ft/v1/messages/${answer.body.messageId}`);
  return answer.body.messageId!;
}

async function untilCalled(messageId: string, count: number) {
  const called = async () => expect(await product.callsOf(messageId)).toHaveLength(count);
  await vi.waitFor(called, 30_000);
}

describe.concurrent("a message", () => {
  it("says by SMS what its step says, and by WhatsApp its template", async () => {
    const steps = [
      { ...whatsapp, content: { type: "TEMPLATE", template } },
      { ...sms, content: { text: "Call us" } },
    ];
    const messageId = await send(message(UNDELIVERED, { steps, purpose: "SERVICE" }));
    const outcome = await product.outcomes.next(messageId);
    expect(outcome).toMatchObject({ outcome: "SUCCEEDED", channel: "sms", purpose: "SERVICE" });
    const texts = (await product.callsOf(messageId)).map(({ text }) => text);
    expect(texts).toEqual([JSON.stringify({ template }), "Call us"]);
  });

  it("goes by the flow that it names, and tells its story", async () => {
    const flowId = "whatsapp-then-sms";
    const messageId = await send(message(UNDELIVERED, { flowId, clientMessageId: "c-1" }));
    expect(await product.outcomes.next(messageId)).toMatchObject({ flowId, channel: "sms" });
    const { status, body } = await call(`/messages/${messageId}/story`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ messageId, phase: "ENDED", outcome: "SUCCEEDED" });
    expect(body.story?.map(({ text }) => text)).toContain("SMS reported delivered.");
  });

  it("tries a second phone by the same channel, and shows neither number whole", async () => {
    const steps = [sms, { ...sms, recipient: { msisdn: DELIVERED }, clientMessageId: "second" }];
    const messageId = await send(message(SMS_REFUSED, { steps }));
    expect(await product.outcomes.next(messageId)).toMatchObject({
      attemptIndex: 1,
      attempts: [{ clientMessageId: null }, { clientMessageId: "second" }],
    });
    const calls = await product.callsOf(messageId);
    expect(calls.map(({ recipient }) => recipient)).toEqual([SMS_REFUSED, DELIVERED]);
    const { body } = await call(`/messages/${messageId}`);
    const { steps: shown, story } = Object(body);
    const recipient = { msisdn: "+65*****000", idsOn: [] };
    expect(shown[1]).toMatchObject({ recipient, clientMessageId: "second" });
    expect(story.map(({ text }: { text: string }) => text)).toContain(
      "SMS to +65*****000 was started: it is the last step.",
    );
    expect(JSON.stringify(body)).not.toMatch(/6599990/);
  });

  it("ends where a step says that a failure stops it", async () => {
    const steps = [{ ...whatsapp, onFailure: "STOP" }, sms];
    const messageId = await send(message(UNDELIVERED, { steps }));
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "EXHAUSTED" });
    expect(await product.callsOf(messageId)).toHaveLength(1);
  });

  it.each([
    ["AMEND", 2],
    ["IGNORE", 1],
  ])("with lateReports %s has %i outcomes after a late success", async (lateReports, count) => {
    // The late receipt comes 5.4 s after the SMS, at this time scale.
    const steps = [{ ...whatsapp, waitSeconds: 900 }, sms];
    const messageId = await send(message(LATE, { steps, lateReports }));
    expect(await product.outcomes.next(messageId)).toMatchObject({ channel: "sms" });
    await vi.waitFor(async () => {
      const { body } = await call(`/messages/${messageId}/story`);
      expect(JSON.stringify(body.story)).toContain("WhatsApp reported delivered");
    }, 30_000);
    if (count === 2) await product.outcomes.next(messageId, { revision: 2 });
    expect(product.outcomes.of(messageId)).toHaveLength(count);
  });

  it("is sent once however often it comes with one Idempotency-Key", async () => {
    const headers = { "idempotency-key": randomUUID() };
    const body = message(DELIVERED, { steps: [sms] });
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => call("/messages", body, { headers })),
    );
    const ids = new Set(answers.map((answer) => String(answer.body.messageId)));
    expect(ids.size).toBe(1);
    const [messageId = ""] = ids;
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
    const { story } = await product.read(messageId);
    expect(story.filter(({ type }) => type === "REQUEST_ACCEPTED")).toHaveLength(1);
    expect(await product.callsOf(messageId)).toHaveLength(1);
  });
});

describe.concurrent("cancelling", () => {
  const steps = [{ ...whatsapp, waitSeconds: 3_000 }, sms];

  it("keeps the next step from starting", async () => {
    const messageId = await send(message(SILENT, { steps }));
    await untilCalled(messageId, 1);
    const canceled = { messageId, canceled: true, outcome: "CANCELED" };
    const cancel = () => call(`/messages/${messageId}/cancel`, { reason: "Sent by mistake" });
    expect(await cancel()).toMatchObject({ status: 200, body: canceled });
    expect(await cancel()).toMatchObject({ status: 200, body: canceled });
    expect(await product.outcomes.next(messageId)).toMatchObject({ outcome: "CANCELED" });
    const { body } = await call(`/messages/${messageId}/story`);
    expect(JSON.stringify(body.story)).toContain("Sent by mistake");
    expect(await product.callsOf(messageId)).toHaveLength(1);
  });

  it("is refused for a message that has ended, or that is not there", async () => {
    const messageId = await send(message(DELIVERED, { steps: [sms] }));
    await product.outcomes.next(messageId);
    const late = await call(`/messages/${messageId}/cancel`, {});
    expect(late).toMatchObject({ status: 409, body: { code: "ended" } });
    const unknown = await call(`/messages/${randomUUID()}/cancel`, {});
    expect(unknown).toMatchObject({ status: 404, body: { code: "not-found" } });
  });

  it("ends whatever of a batch has not ended", async () => {
    const messages = [message(SILENT), message(DELIVERED), message(SILENT)];
    const { body } = await call("/messages/batch", { template: { steps }, messages });
    await product.outcomes.next(body.messages![1]!.messageId!);
    const answer = await call(`/batches/${body.batchId}/cancel`, {});
    expect(answer).toMatchObject({
      status: 200,
      body: { batchId: body.batchId, canceledCount: 2 },
    });
    const unknown = await call("/batches/no-such/cancel", {});
    expect(unknown).toMatchObject({ status: 404, body: { code: "not-found" } });
  });
});

describe.concurrent("a batch", () => {
  it("sends what is valid and tells of each that is not", async () => {
    const valid = { clientMessageId: "b-1", recipient: { msisdn: DELIVERED } };
    const faulty = { clientMessageId: "b-2", recipient: { msisdn: "12" } };
    const answer = await call("/messages/batch", {
      template: { content: { text: "Sale" }, steps: [sms], purpose: "MARKETING" },
      messages: [valid, faulty, valid],
      clientBatchId: "november",
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      batchId: expect.any(String),
      clientBatchId: "november",
      acceptedCount: 1,
      rejectedCount: 2,
      messages: [
        { messageId: expect.any(String), clientMessageId: "b-1" },
        {
          clientMessageId: "b-2",
          problem: {
            code: "bad-number",
            detail: expect.stringContaining("/recipient/msisdn"),
            faults: [expect.objectContaining({ code: "bad-number", path: "/recipient/msisdn" })],
          },
        },
        {
          clientMessageId: "b-1",
          problem: { code: "duplicate-client-message-id", detail: expect.any(String) },
        },
      ],
    });
    const outcome = await product.outcomes.next(answer.body.messages![0]!.messageId!);
    expect(outcome).toMatchObject({ outcome: "SUCCEEDED", purpose: "MARKETING" });
  });
});

describe.concurrent("a template's TTL", () => {
  // Shorter than the template's 600 s, and long enough for the call on a busy machine.
  const steps = [{ ...whatsapp, waitSeconds: 500 }, sms];
  const short = { recipient: { msisdn: DELIVERED }, content: code, steps };

  it("reaches the carrier, and a wait that is shorter is warned of", async () => {
    const { status, body } = await call("/messages", short);
    expect(status).toBe(202);
    expect(body.warnings).toMatchObject([
      { code: "ttl-longer-than-wait", path: "/steps/0/waitSeconds" },
    ]);
    await product.outcomes.next(body.messageId!);
    expect(await product.callsOf(body.messageId!)).toMatchObject([
      { channel: "whatsapp", ttlSeconds: 600 },
    ]);
  });

  it("raises the wait of a flow where it may", async () => {
    const { body } = await call("/messages", { ...short, steps: undefined, ttlPolicy: "align" });
    expect(body.warnings).toEqual([]);
    await product.outcomes.next(body.messageId!);
    const { body: view } = await call(`/messages/${body.messageId}`);
    expect(view.steps?.[0]?.waitMs).toBeGreaterThan(600_000 * 0.02);
  });

  it("refuses the wait where it is to", async () => {
    const { status, body } = await call("/messages", { ...short, ttlPolicy: "reject" });
    expect(status).toBe(422);
    expect(body).toMatchObject({ code: "ttl-longer-than-wait", status: 422 });
  });
});
