// A client of Kaleyra's: flows are made by HTTP, invoked as its invocation API documents it, and end
// with one callback.
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { apiCaller } from "#test/support/api-caller.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

/** An account of its own: the templates of account `demo` are other tests' business. */
const SID = `k-${randomUUID()}`.slice(0, 30);
const NATIVE = `/ft/v1/accounts/${SID}`;
const KALEYRA = `/v1/${SID}/workflow/v1`;
const WITHIN = { timeout: 60_000, interval: 50 };
/** A number's last digit says how its SMS goes, its third from the right how WhatsApp does. */
const SENT_THEN_SILENCE = "6599990200";
const SMS_DELIVERS = "6599991000";
const SMS_FAILS = "6599991005";
const SMS_IS_LATE = "6599991006";
const WHATSAPP_REFUSES = "6599991300";

const opened = new AsyncDisposableStack();
let product: Product;
let endpoint: Receiver;
let apiKey: string;

beforeAll(async () => {
  endpoint = opened.use(await startReceiver());
  const env = { WEBHOOK_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
  await native("PUT", "", { name: "Kaleyra's client" });
  await native("PUT", "/channels/whatsapp", { senders: ["FALLTHRU"] });
  await native("PUT", "/channels/sms", { senders: ["FALLTHRU"] });
  const made = await native("POST", "/api-keys", { scopes: ["send", "read"], label: "own" });
  apiKey = made.body.key;
  await native("PUT", "/webhooks/kaleyra", { url: endpoint.url, format: "kaleyra" });
  const text = "Hello {{1}}, your order is on its way.";
  const template = { name: "order", language: "en", category: "utility", text };
  await native("PUT", "/templates/order.en", template);
  await native("PUT", "/sms-templates/order", { text: "Order {{order}} is on its way." });
});
afterAll(() => opened.disposeAsync());

const call = apiCaller(() => product.places.apiUrl);

const native = (method: string, path: string, body?: object) =>
  call(method, NATIVE + path, { body });

const manage = (method: string, path: string, body?: object) =>
  call(method, KALEYRA + path, { headers: { "api-key": "demo-admin-key" }, body });

function invoke(id: string, first: string, second = first) {
  const send1 = { recipient: first, templateParams: { "1": "Ann" } };
  const send2 = { recipient: second, templateParams: { order: "17" } };
  const body = { requestId: `r-${id}`, input: { send1, send2 } };
  const headers = { "api-key": apiKey };
  return call("POST", `${KALEYRA}/instances/${id}/invoke`, { headers, body });
}

/** The message with its story. */
async function read(messageId: string) {
  return (await call("GET", `/ft/v1/messages/${messageId}`, { key: apiKey })).body;
}

const byWhatsapp = { channel: "whatsapp", from: "FALLTHRU", template: "order.en", delay: 150 };
const thenBySms = { from: "FALLTHRU", template: "order", delay: 300 };

/** A published flow: WhatsApp for 3 s, SMS for 6 s. */
async function publishedFlow(): Promise<string> {
  const { body } = await manage("POST", "/flows", { title: `Orders ${randomUUID()}` });
  await manage("PUT", `/flows/${body.id}/first-channel`, byWhatsapp);
  await manage("PUT", `/flows/${body.id}/second-channel`, thenBySms);
  const { body: published } = await manage("POST", `/flows/${body.id}/publish`);
  expect(published).toMatchObject({ status: "PUBLISHED", workflowInstanceId: body.id });
  return published.workflowInstanceId;
}

const callbacksOf = (messageId: string) =>
  endpoint.received
    .map((each) => Object(JSON.parse(each.body)))
    .filter((each) => {
      return each.workflowInvocationId === messageId;
    });

async function callbackOf(messageId: string) {
  await vi.waitFor(() => expect(callbacksOf(messageId)).not.toHaveLength(0), WITHIN);
  return callbacksOf(messageId)[0];
}

describe("a flow", () => {
  it("has a title that no other has, whoever made that and whether it is published or not", async () => {
    const title = `Taken ${randomUUID()}`;
    const [one, two] = await Promise.all([
      manage("POST", "/flows", { title }),
      manage("POST", "/flows", { title }),
    ]);
    expect([one.status, two.status].toSorted((a, b) => a - b)).toEqual([201, 400]);
    const taken = await native("PUT", "/flows/another", {
      name: title,
      steps: [{ channel: "sms" }],
    });
    expect(taken).toMatchObject({ status: 422, body: { code: "invalid" } });
    const id = await publishedFlow();
    const { body } = await manage("GET", `/flows/${id}`);
    expect((await manage("POST", "/flows", { title: body.title })).status).toBe(400);
    expect((await manage("PUT", `/flows/${id}`, { title })).status).toBe(400);
    const clone = await manage("POST", `/flows/${id}/clone`, { title: `${title} (2)` });
    expect(clone).toMatchObject({ status: 201, body: { status: "DRAFT" } });
    expect(clone.body.secondChannel).toEqual(body.secondChannel);
  });

  it("is one of the account's, with its channels, templates and delays", async () => {
    const id = await publishedFlow();
    const { body } = await native("GET", `/flows/${id}`);
    expect(body.versions).toMatchObject([
      {
        steps: [
          { channel: "whatsapp", sender: "FALLTHRU", template: "order.en", waitSeconds: 150 },
          { channel: "sms", sender: "FALLTHRU", template: "order", waitSeconds: 300 },
        ],
      },
    ]);
  });

  it("keeps the templates that it names", async () => {
    const id = await publishedFlow();
    const answer = await fetch(`${product.places.apiUrl}${NATIVE}/sms-templates/order`, {
      method: "DELETE",
      headers: { authorization: "Bearer demo-admin-key", "if-match": "*" },
    });
    const problem = Object(await answer.json());
    expect(problem.code).toBe("in-use");
    expect(JSON.stringify(problem)).toContain(`flow/${id}`);
  });

  it("is deleted once it is not published", async () => {
    const id = await publishedFlow();
    expect((await manage("DELETE", `/flows/${id}`)).status).toBe(409);
    await manage("POST", `/flows/${id}/unpublish`);
    expect((await manage("DELETE", `/flows/${id}`)).status).toBe(204);
    expect((await manage("GET", `/flows/${id}`)).status).toBe(404);
    expect((await invoke(id, SMS_DELIVERS)).status).toBe(404);
  });
});

it.concurrent("a running execution goes on when its flow is unpublished, and no other is started", async () => {
  const id = await publishedFlow();
  const { body } = await invoke(id, SENT_THEN_SILENCE, SMS_DELIVERS);
  const unpublished = await manage("POST", `/flows/${id}/unpublish`);
  expect(unpublished).toMatchObject({ body: { status: "DRAFT", workflowInstanceId: id } });
  expect(await invoke(id, SMS_DELIVERS)).toMatchObject({ status: 409, body: { code: 1409 } });
  const messageId = body.workflowInvocationId;
  expect(await callbackOf(messageId)).toMatchObject({
    executionStatus: "COMPLETED",
    result: {
      channel1: {
        channel: "whatsapp",
        from: "FALLTHRU",
        to: SENT_THEN_SILENCE,
        clientMessageId: `r-${id}`,
        statusCode: "TIMEOUT",
        timeout: "PT2M30S",
      },
      channel2: { channel: "sms", from: "FALLTHRU", to: SMS_DELIVERS, statusCode: "DELIVERED" },
    },
    config_id: id,
    delivered: "1",
  });
  const calls = await product.callsOf(messageId);
  expect(calls).toMatchObject([
    { channel: "whatsapp", recipient: `+${SENT_THEN_SILENCE}` },
    { channel: "sms", recipient: `+${SMS_DELIVERS}`, text: "Order 17 is on its way." },
  ]);
  expect(JSON.parse(calls[0]!.text)).toMatchObject({ template: { name: "order", language: "en" } });
});

it.concurrent("the last delay closes the flow: a report after it is ignored, and the story shows it", async () => {
  const { body } = await invoke(await publishedFlow(), SENT_THEN_SILENCE, SMS_IS_LATE);
  const messageId = body.workflowInvocationId;
  expect(await callbackOf(messageId)).toMatchObject({
    executionStatus: "COMPLETED",
    result: { channel2: { statusCode: "TIMEOUT", timeout: "PT5M" } },
  });
  await vi.waitFor(async () => {
    const rules = (await read(messageId)).story.map(({ rule }: { rule: string }) => rule);
    expect(rules).toContain("late-reports-ignored");
  }, WITHIN);
  const { outcome, revision, attempts } = await read(messageId);
  expect([outcome, revision, attempts[1]?.status]).toEqual(["UNCONFIRMED", 1, "SENT"]);
  expect(callbacksOf(messageId)).toHaveLength(1);
});

it.concurrent("a failure on the second channel ends the flow", async () => {
  const { body } = await invoke(await publishedFlow(), WHATSAPP_REFUSES, SMS_FAILS);
  const messageId = body.workflowInvocationId;
  expect(await callbackOf(messageId)).toMatchObject({
    executionStatus: "COMPLETED",
    result: { channel1: { statusCode: "REJECTED" }, channel2: { statusCode: "UNDELIVERED" } },
    delivered: "0",
  });
  expect(await product.callsOf(messageId)).toHaveLength(2);
});
