// An account connects its own WhatsApp number at Meta, its own numbers at Twilio and its senders at
// Infobip: messages go there, what these prove decides, and everything else goes on as before.
import { createHmac, randomBytes } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, beforeEach, expect, it, onTestFinished, vi } from "vitest";
import { signBody } from "#libs/providers/authentication/hmac.ts";
import {
  type CloudApi,
  type CloudCall,
  cloudCredentials,
  cloudError,
  cloudWebhook,
  PHONE_NUMBER_ID,
  postWebhook,
  startCloudApi,
} from "#test/support/cloud-api.ts";
import { gatewayCredentials, gatewayOptions } from "#test/support/gateway-options.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const WITHIN = { timeout: 30_000, interval: 50 };
const user = { msisdn: "+6599990000" };
const whatsapp = { channel: "WhatsApp", fallbackAfter: 86_400, successStatus: "Delivered" };
const said = { user, type: "text", content: { text: "Hello" } };

const opened = new AsyncDisposableStack();
let product: Product;
let meta: CloudApi;
let receiptsPath: string;

beforeAll(async () => {
  meta = opened.use(await startCloudApi());
  const env = { CONNECTION_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.02, env }));
  ({ receiptsPath } = await read(await put("demo", connection())));
});
beforeEach(() => {
  meta.answer = () => undefined;
});
afterAll(async () => {
  // Or the next files' messages would go to a Meta that is gone.
  await disconnect("demo", "meta");
  await opened.disposeAsync();
});

function connection(more: object = {}) {
  const options = { phoneNumberId: PHONE_NUMBER_ID, address: meta.url };
  return { provider: "whatsapp-cloud", options, credentials: cloudCredentials, ...more };
}

async function read(answer: Response) {
  return Object(await answer.json());
}

function put(accountId: string, body: object): Promise<Response> {
  return admin("PUT", `/accounts/${accountId}/connections/meta`, body);
}

function admin(method: string, path: string, body?: object): Promise<Response> {
  return fetch(`${product.places.apiUrl}/ft/v1${path}`, {
    method,
    headers: {
      authorization: "Bearer demo-admin-key",
      "content-type": "application/json",
      "if-none-match": "*",
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

async function disconnect(accountId: string, name: string): Promise<void> {
  const url = `${product.places.apiUrl}/ft/v1/accounts/${accountId}/connections/${name}`;
  const headers = { authorization: "Bearer demo-admin-key", "if-match": "*" };
  const { status } = await fetch(url, { method: "DELETE", headers });
  expect(status).toBe(204);
}

const receiptsUrl = () => `${product.places.receiptUrl}${receiptsPath}`;

/** As Meta's console does when the address is entered there. */
function ask(token: string): Promise<Response> {
  const query = { "hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158" };
  return fetch(`${receiptsUrl()}?${new URLSearchParams(query).toString()}`);
}

/** The call at Meta of a message that was just sent. */
function callOf(messageId: string): Promise<CloudCall> {
  return vi.waitFor(() => {
    const call = meta.calls.find(({ body }) => JSON.stringify(body).includes(messageId));
    expect(call).toBeDefined();
    return call!;
  }, WITHIN);
}

function untilOver(messageId: string) {
  return vi.waitFor(async () => {
    const message = await product.read(messageId);
    expect(message.phase).toBe("ENDED");
    return message;
  }, WITHIN);
}

it("sends by Meta, and ends with what Meta says of it", async () => {
  const messageId = await product.send({ ...said, channels: [whatsapp, { channel: "SMS" }] });
  const { wamid, body } = await callOf(messageId);
  expect(body).toEqual({
    messaging_product: "whatsapp",
    recipient_type: "individual",
    to: user.msisdn,
    type: "text",
    text: { preview_url: false, body: "Hello" },
    biz_opaque_callback_data: `${messageId}:0`,
  });
  const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "utility" };
  for (const status of ["sent", "delivered", "read"]) {
    const webhook = cloudWebhook(wamid, { status, pricing });
    expect(await postWebhook(receiptsUrl(), webhook)).toBe(200);
  }
  const message = await untilOver(messageId);
  const charge = { isBillable: true, category: "utility" };
  expect(message).toMatchObject({
    outcome: "SUCCEEDED",
    attempts: [{ channel: "whatsapp", charge }],
  });
  expect(await product.callsOf(messageId)).toEqual([]);
});

it("goes on with SMS at once where Meta refuses, and where it reports a failure", async () => {
  meta.answer = ({ body }) =>
    body.to === "+6599990001" ? cloudError(131026, "Message undeliverable") : undefined;
  const channels = [whatsapp, { channel: "SMS" }];
  const refused = await product.send({ ...said, user: { msisdn: "+6599990001" }, channels });
  expect((await untilOver(refused)).attempts).toMatchObject([
    { channel: "whatsapp", errorCode: "131026" },
    { channel: "sms", status: "DELIVERED" },
  ]);
  const failed = await product.send({ ...said, channels });
  const { wamid } = await callOf(failed);
  const errors = [{ code: 131049, title: "Not delivered to maintain a healthy ecosystem" }];
  await postWebhook(receiptsUrl(), cloudWebhook(wamid, { status: "failed", errors }));
  expect((await untilOver(failed)).attempts).toMatchObject([
    { channel: "whatsapp", status: "FAILED", errorCode: "131049" },
    { channel: "sms", status: "DELIVERED" },
  ]);
});

it("calls again where Meta throttles with HTTP 400, and sends once", async () => {
  let refusals = 0;
  meta.answer = () => (refusals++ < 2 ? cloudError(130429, "Rate limit hit") : undefined);
  const messageId = await product.send({ ...said, channels: [whatsapp] });
  const { wamid } = await callOf(messageId);
  await postWebhook(receiptsUrl(), cloudWebhook(wamid, { status: "delivered" }));
  expect(await untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  expect(meta.calls.filter(({ body }) => JSON.stringify(body).includes(messageId))).toHaveLength(1);
});

it("believes no status that Meta did not sign, and none of another account's connection", async () => {
  const messageId = await product.send({ ...said, channels: [whatsapp] });
  const { wamid } = await callOf(messageId);
  const delivered = cloudWebhook(wamid, { status: "delivered" });
  expect(await postWebhook(receiptsUrl(), delivered, "another secret")).toBe(401);
  await admin("PUT", "/accounts/other", { name: "Other", defaultWaitSeconds: 60 });
  const appSecret = "of-the-other-account";
  const credentials = { ...cloudCredentials, appSecret };
  const made = await vi.waitFor(async () => {
    const answer = await put("other", connection({ credentials }));
    expect(answer.status).toBe(201);
    return read(answer);
  }, WITHIN);
  onTestFinished(() => disconnect("other", "meta"));
  const foreign = `${product.places.receiptUrl}${made.receiptsPath}`;
  await vi.waitFor(
    async () => expect(await postWebhook(foreign, delivered, appSecret)).toBe(200),
    WITHIN,
  );
  expect(await postWebhook(`${receiptsUrl()}0`, delivered)).toBe(404);
  expect((await product.read(messageId)).phase).not.toBe("ENDED");
  expect(await postWebhook(receiptsUrl(), delivered)).toBe(200);
  expect(await untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
});

it("hears of what it has sent when it was deleted meanwhile", async () => {
  const messageId = await product.send({ ...said, channels: [whatsapp] });
  const { wamid } = await callOf(messageId);
  await disconnect("demo", "meta");
  const shown = await admin("GET", "/accounts/demo/connections");
  expect((await read(shown)).items).toEqual([]);
  const delivered = cloudWebhook(wamid, { status: "delivered" });
  expect(await postWebhook(receiptsUrl(), delivered)).toBe(200);
  expect(await untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  const before = receiptsPath;
  ({ receiptsPath } = await read(await put("demo", connection())));
  expect(receiptsPath).not.toBe(before);
  await vi.waitFor(async () => {
    expect((await ask(cloudCredentials.verifyToken)).status).toBe(200);
  }, WITHIN);
});

it("goes on with its next connection where Meta does not take the first one's key", async () => {
  const credentials = { ...cloudCredentials, accessToken: "EAAJB-of-yesterday" };
  const path = "/accounts/demo/connections/first";
  const first = await read(await admin("PUT", path, connection({ credentials, priority: 0 })));
  onTestFinished(() => disconnect("demo", "first"));
  expect(first).toMatchObject({ priority: 0, channels: ["whatsapp"] });
  const message = await vi.waitFor(async () => {
    const messageId = await product.send({ ...said, channels: [whatsapp, { channel: "SMS" }] });
    const { wamid } = await callOf(messageId);
    await postWebhook(receiptsUrl(), cloudWebhook(wamid, { status: "delivered" }));
    const over = await untilOver(messageId);
    // Until every dispatcher has seen the new connection, the one that is good takes it at once.
    expect(JSON.stringify(over.story)).toContain("first");
    return over;
  }, WITHIN);
  expect(message).toMatchObject({ outcome: "SUCCEEDED", attempts: [{ channel: "whatsapp" }] });
  expect(JSON.stringify(message.story)).toContain(
    "WhatsApp reported accepted by meta, after first had refused (code 190, sender: ",
  );
});

it("takes what Meta signed though no record holds all of it", async () => {
  const body = randomBytes(3 * 1024 * 1024);
  const signature = signBody(Buffer.from(cloudCredentials.appSecret), body);
  const headers = { "x-hub-signature-256": signature };
  const answer = await fetch(receiptsUrl(), { method: "POST", headers, body });
  expect(answer.status).toBe(200);
  expect(await answer.json()).toEqual({ taken: 0, setAside: 1 });
});

it("answers Meta's question whether the address is ours", async () => {
  const answer = await ask(cloudCredentials.verifyToken);
  expect(answer.status).toBe(200);
  expect(await answer.text()).toBe("1158");
  expect((await ask("a guess")).status).toBe(401);
});

it("never shows credentials, and tells all that is wrong with a connection at once", async () => {
  const shown = await (await admin("GET", "/accounts/demo/connections/meta")).text();
  expect(shown).toContain(PHONE_NUMBER_ID);
  for (const secret of Object.values(cloudCredentials)) expect(shown).not.toContain(secret);
  const odd = { provider: "whatsapp-cloud", options: { phoneNumberId: "+65", apiVersion: "25" } };
  const refused = await admin("PUT", "/accounts/demo/connections/odd", odd);
  expect(refused.status).toBe(422);
  const { detail } = await read(refused);
  expect(detail).toContain("/options/phoneNumberId");
  expect(detail).toContain("/options/apiVersion");
  const unknown = await admin("PUT", "/accounts/demo/connections/odd", {
    ...odd,
    provider: "pigeon",
  });
  expect((await read(unknown)).detail).toContain("whatsapp-cloud");
});

it("sends SMS by Twilio, which is told where to report and signs what it reports", async () => {
  const { receiptUrl } = product.places;
  const sid = `SM${"b".repeat(32)}`;
  const gateway = opened.use(await startReceiver());
  gateway.answer = () => (response) => {
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ sid, status: "queued", num_segments: "1" }));
  };
  const options = {
    accountSid: `AC${"0".repeat(32)}`,
    bridgeUrl: receiptUrl,
    address: new URL(gateway.url).origin,
  };
  const apiKeySid = `SK${"0".repeat(32)}`;
  const credentials = { apiKeySid, apiKeySecret: "secret", authToken: "token" };
  const body = { provider: "twilio", options, credentials };
  expect((await admin("PUT", "/accounts/demo/connections/twilio", body)).status).toBe(201);
  onTestFinished(() => disconnect("demo", "twilio"));
  // Twilio's answer to a message is none to the question.
  const tested = await admin("POST", "/accounts/demo/connections/twilio/test");
  expect(await read(tested)).toMatchObject({ state: "unclear" });
  expect(gateway.received.splice(0)).toMatchObject([
    { path: `/2010-04-01/Accounts/${options.accountSid}.json`, body: "" },
  ]);
  const messageId = await vi.waitFor(async () => {
    const sent = await product.send({ ...said, channels: [{ channel: "SMS" }] });
    await vi.waitFor(() => expect(gateway.received.length).toBeGreaterThan(0), { timeout: 3_000 });
    return sent;
  }, WITHIN);
  const [call] = gateway.received;
  expect(call!.headers.authorization).toBe(`Basic ${btoa(`${apiKeySid}:secret`)}`);
  const form = Object.fromEntries(new URLSearchParams(call!.body));
  expect(form).toMatchObject({ To: user.msisdn, From: "FALLTHRU", Body: "Hello" });
  const told = { MessageSid: sid, MessageStatus: "delivered", To: user.msisdn };
  const statusCallback = String(form["StatusCallback"]);
  expect(await postAsTwilio(statusCallback, told, "another token")).toBe(401);
  expect(await postAsTwilio(statusCallback, told, "token")).toBe(200);
  expect(await untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
});

it("sends SMS by a gateway of nobody's, by the rules of its connection alone", async () => {
  const gateway = opened.use(await startReceiver());
  gateway.answer = ({ body }) => answerOfGateway(JSON.parse(body));
  const options = gatewayOptions(new URL(gateway.url).origin, {
    bridgeUrl: product.places.receiptUrl,
  });
  const body = { provider: "generic-http", options, credentials: gatewayCredentials };
  const made = await admin("PUT", "/accounts/demo/connections/gateway", body);
  expect(made.status).toBe(201);
  onTestFinished(() => disconnect("demo", "gateway"));
  const { receiptsPath: path } = await read(made);
  const sample = { status: 400, body: { error: { code: 410 } } };
  const tried = await admin("POST", "/accounts/demo/connections/gateway/dry-run", {
    answer: sample,
  });
  expect(await read(tried)).toMatchObject({
    requests: [{ url: options.request.url, headers: { "x-api-key": "***" } }],
    answer: { type: "refused", code: "410", errorClass: "CONSENT" },
  });
  const tested = await admin("POST", "/accounts/demo/connections/gateway/test");
  expect(await read(tested)).toMatchObject({ state: "not-possible" });
  expect(gateway.received).toEqual([]);
  const sms = { ...said, channels: [{ channel: "SMS" }] };
  const messageId = await vi.waitFor(async () => {
    const sent = await product.send(sms);
    await vi.waitFor(() => expect(gateway.received.length).toBeGreaterThan(0), { timeout: 3_000 });
    return sent;
  }, WITHIN);
  const [call] = gateway.received;
  expect(call!.headers["x-api-key"]).toBe(gatewayCredentials.apiKey);
  expect(JSON.parse(call!.body)).toMatchObject({ message: "Hello", reference: `${messageId}:0` });
  const told = (state: string) =>
    JSON.stringify({ results: [{ id: messageId, state, error: "0", at: "2026-11-29 12:00:00" }] });
  const post = (token: string) =>
    fetch(`${product.places.receiptUrl}${path}`, {
      method: "POST",
      headers: { "x-token": token },
      body: told("DELIVRD"),
    });
  expect((await post("a guess")).status).toBe(401);
  const taken = await post(gatewayCredentials.receiptToken);
  expect([taken.status, await taken.text()]).toEqual([200, "OK"]);
  expect(await untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  const blocked = { ...sms, user: { msisdn: "+6599990410" } };
  expect((await untilOver(await product.send(blocked))).attempts).toMatchObject([
    { channel: "sms", errorCode: "410", errorClass: "CONSENT" },
  ]);
});

/** Takes what is not for a number that ends with 410. */
function answerOfGateway({ recipients: [{ msisdn }], reference }: GatewayCall): Answer {
  const isBlocked = msisdn.endsWith("410");
  const error = { code: 410, message: "On the block list" };
  return (response) => {
    response.writeHead(isBlocked ? 400 : 202, { "content-type": "application/json" });
    const [id] = reference.split(":");
    response.end(JSON.stringify(isBlocked ? { error } : { messages: [{ id }] }));
  };
}

type GatewayCall = { recipients: [{ msisdn: string }]; reference: string };
type Answer = (response: ServerResponse) => void;

async function postAsTwilio(url: string, form: Record<string, string>, token: string) {
  const names = Object.keys(form).toSorted();
  const members = names.map((name) => `${name}${form[name]}`).join("");
  const signed = url.replace(/:\d+/, "") + members;
  const signature = createHmac("sha1", token).update(signed).digest("base64");
  const headers = { "x-twilio-signature": signature };
  return (await fetch(url, { method: "POST", headers, body: new URLSearchParams(form) })).status;
}

/** Puts a connection to Infobip whose calls are answered with a status each, the last one for ever; null: cut. */
async function connectInfobip(answers: (number | null)[]) {
  const gateway = opened.use(await startReceiver());
  gateway.answer = ({ body }) => {
    const status = answers.length > 1 ? answers.shift() : answers[0];
    return (response) => {
      if (!status) {
        response.destroy();
        return;
      }
      response.writeHead(200, { "content-type": "application/json" });
      response.end(
        JSON.stringify({ messages: [{ messageId: messageIdIn(body), status: statusOf(status) }] }),
      );
    };
  };
  const options = { address: new URL(gateway.url).origin, bridgeUrl: product.places.receiptUrl };
  const login = { webhookUser: "us", webhookPassword: "word" };
  const body = { provider: "infobip", options, credentials: { apiKey: "key", ...login } };
  expect((await admin("PUT", "/accounts/demo/connections/infobip", body)).status).toBe(201);
  onTestFinished(() => disconnect("demo", "infobip"));
  return gateway;
}

/** In Infobip's groups: rejected, delivered, pending. */
function statusOf(id: number) {
  return { groupId: id === 23 ? 5 : id === 2 || id === 5 ? 3 : 1, id };
}

function messageIdIn(body: string): string {
  return JSON.parse(body).messages[0].destinations[0].messageId;
}

async function postAsInfobip(call: { body: string }, result: object, password = "word") {
  const [{ webhooks, destinations }] = JSON.parse(call.body).messages;
  const { messageId } = destinations[0];
  const headers = { authorization: `Basic ${btoa(`us:${password}`)}` };
  const body = JSON.stringify({ results: [{ messageId, ...result }] });
  return (await fetch(webhooks.delivery.url, { method: "POST", headers, body })).status;
}

/** Sends once the dispatchers know the connection; the calls for it begin with the one that is returned. */
async function sendBy(gateway: Receiver, channel: string) {
  return vi.waitFor(async () => {
    const messageId = await product.send({
      ...said,
      channels: [{ channel, fallbackAfter: 3_600 }],
    });
    return vi.waitFor(
      () => {
        const calls = gateway.received.filter(({ body }) => body.includes(messageId));
        expect(calls).not.toEqual([]);
        return { messageId, call: calls[0]! };
      },
      { timeout: 3_000 },
    );
  }, WITHIN);
}

it("sends Viber by Infobip, whose reports are believed with the password that it was given", async () => {
  const gateway = await connectInfobip([26]);
  const { messageId, call } = await sendBy(gateway, "Viber");
  expect(call.headers.authorization).toBe("App key");
  expect(call.path).toBe("/viber/2/messages");
  const delivered = { status: statusOf(5), error: { id: 0 } };
  expect(await postAsInfobip(call, delivered, "guess")).toBe(401);
  expect(await postAsInfobip(call, delivered)).toBe(200);
  expect(await untilOver(messageId)).toMatchObject({
    outcome: "SUCCEEDED",
    attempts: [{ channel: "viber", status: "DELIVERED" }],
  });
});

it("calls Infobip again where an answer is lost, and knows that the SMS was taken the first time", async () => {
  const gateway = await connectInfobip([null, 23]);
  const { messageId, call } = await sendBy(gateway, "SMS");
  const ids = await vi.waitFor(() => {
    const calls = gateway.received.filter(({ body }) => body.includes(messageId));
    expect(calls).toHaveLength(2);
    return calls.map(({ body }) => messageIdIn(body));
  }, WITHIN);
  expect(ids[1]).toBe(ids[0]);
  expect(await postAsInfobip(call, { status: statusOf(2) })).toBe(200);
  await vi.waitFor(
    async () =>
      expect(await product.read(messageId)).toMatchObject({
        phase: "RUNNING",
        attempts: [{ channel: "sms", status: "SENT" }],
      }),
    WITHIN,
  );
  expect(await postAsInfobip(call, { status: statusOf(5) })).toBe(200);
  expect(await untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
});
