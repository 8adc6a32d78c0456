// An account connects its own numbers at Twilio, its senders at Infobip, an agent at Google and a gateway of
// nobody's: messages go there, and what these prove decides.
import { randomUUID } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { stringify } from "yaml";
import { messageIdOf } from "#libs/providers/google-rbm/message-id.ts";
import {
  bodyOf,
  type ConnectedProduct,
  startConnectedProduct,
} from "#test/support/connected-product.ts";
import {
  FIRST_REAL_MESSAGE,
  PRINTED,
  runFirstRealMessage,
} from "#test/support/first-real-message.ts";
import {
  answerOfGateway,
  gatewayCredentials,
  gatewayOptions,
} from "#test/support/gateway-options.ts";
import {
  infobipCredentials,
  infobipIdOf,
  infobipStatus,
  postAsInfobip,
  startInfobip,
} from "#test/support/infobip-api.ts";
import type { Product } from "#test/support/product.ts";
import {
  AGENT_ID,
  postRbm,
  type RbmApi,
  rbmCredentials,
  rbmEvent,
  startRbmApi,
} from "#test/support/rbm-api.ts";
import { fallthrough } from "#test/support/terminal.ts";
import { accountSid, startTwilio, twilioCredentials } from "#test/support/twilio-api.ts";
import { postAsTwilio } from "#test/support/twilio-callback.ts";
import { type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const WITHIN = { timeout: 30_000, interval: 50 };
const user = { msisdn: "+6599990000" };
const said = { user, type: "text", content: { text: "Hello" } };

const opened = new AsyncDisposableStack();
let product: Product;
let connected: ConnectedProduct;

beforeAll(async () => {
  ({ product, connected } = opened.use(await startConnectedProduct()));
});
afterAll(() => opened.disposeAsync());

/** Connected until the end of the test. */
async function connectTwilio(address: string): Promise<void> {
  const options = { accountSid, bridgeUrl: product.places.receiptUrl, address };
  const body = { provider: "twilio", options, credentials: twilioCredentials };
  const made = await connected.admin("PUT", "/accounts/demo/connections/twilio", body);
  expect(made.status).toBe(201);
  onTestFinished(() => connected.disconnect("demo", "twilio"));
}

it("sends SMS by Twilio, which is told where to report and signs what it reports", async () => {
  const sid = `SM${"b".repeat(32)}`;
  const gateway = opened.use(await startReceiver());
  gateway.answer = () => (response) => {
    response.writeHead(201, { "content-type": "application/json" });
    response.end(JSON.stringify({ sid, status: "queued", num_segments: "1" }));
  };
  await connectTwilio(new URL(gateway.url).origin);
  // Twilio's answer to a message is none to the question.
  const tested = await connected.admin("POST", "/accounts/demo/connections/twilio/test");
  expect(await bodyOf(tested)).toMatchObject({ state: "unclear" });
  expect(gateway.received.splice(0)).toMatchObject([
    { path: `/2010-04-01/Accounts/${accountSid}.json`, body: "" },
  ]);
  const messageId = await vi.waitFor(async () => {
    const sent = await product.send({ ...said, channels: [{ channel: "SMS" }] });
    await vi.waitFor(() => expect(gateway.received.length).toBeGreaterThan(0), { timeout: 3_000 });
    return sent;
  }, WITHIN);
  const [call] = gateway.received;
  expect(call!.headers.authorization).toBe(
    `Basic ${btoa(`${twilioCredentials.apiKeySid}:secret`)}`,
  );
  const form = Object.fromEntries(new URLSearchParams(call!.body));
  expect(form).toMatchObject({ To: user.msisdn, From: "FALLTHRU", Body: "Hello" });
  const told = { MessageSid: sid, MessageStatus: "delivered", To: user.msisdn };
  const statusCallback = String(form["StatusCallback"]);
  expect(await postAsTwilio(statusCallback, told, "another token")).toBe(401);
  expect(await postAsTwilio(statusCallback, told, "token")).toBe(200);
  expect(await connected.untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
});

it("sends an SMS once whose answer Twilio lost, finds it in Twilio's list, and tells so", async () => {
  const twilio = opened.use(await startTwilio());
  await connectTwilio(twilio.address);
  const sms = { ...said, channels: [{ channel: "SMS" }] };
  await vi.waitFor(async () => {
    await product.send(sms);
    await vi.waitFor(() => expect(twilio.calls.length).toBeGreaterThan(0), { timeout: 3_000 });
  }, WITHIN);
  const text = `Hello, ${randomUUID()}`;
  twilio.next = ["taken"];
  const messageId = await product.send({ ...sms, content: { text } });
  const taken = await connected.untilIs(messageId, { attempts: [{ status: "ACCEPTED" }] });
  expect(taken.attempts[0]).not.toHaveProperty("errorCode");
  expect(twilio.calls.filter(({ Body }) => Body === text)).toHaveLength(1);
  const { sid, to } = twilio.messages.find((each) => each["body"] === text)!;
  const told = { MessageSid: sid!, MessageStatus: "delivered", To: to! };
  const { StatusCallback } = twilio.calls.at(-1)!;
  expect(await postAsTwilio(StatusCallback!, told, twilioCredentials.authToken)).toBe(200);
  expect(await connected.untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  const headers = { authorization: "Bearer demo-key" };
  const url = `${product.places.apiUrl}/ft/v1/messages/${messageId}`;
  expect(JSON.stringify(await bodyOf(await fetch(url, { headers })))).toContain(
    "The answer was lost. The provider was asked, and has the message.",
  );
}, 60_000);

it("sends SMS by a gateway of nobody's, by the rules of its connection alone", async () => {
  const gateway = opened.use(await startReceiver());
  gateway.answer = ({ body }) => answerOfGateway(JSON.parse(body));
  const options = gatewayOptions(new URL(gateway.url).origin, {
    bridgeUrl: product.places.receiptUrl,
  });
  const body = { provider: "generic-http", options, credentials: gatewayCredentials };
  const made = await connected.admin("PUT", "/accounts/demo/connections/gateway", body);
  expect(made.status).toBe(201);
  onTestFinished(() => connected.disconnect("demo", "gateway"));
  const { receiptsPath: path } = await bodyOf(made);
  const sample = { status: 400, body: { error: { code: 410 } } };
  const tried = await connected.admin("POST", "/accounts/demo/connections/gateway/dry-run", {
    answer: sample,
  });
  expect(await bodyOf(tried)).toMatchObject({
    requests: [{ url: options.request.url, headers: { "x-api-key": "***" } }],
    answer: { type: "refused", code: "410", errorClass: "CONSENT" },
  });
  const tested = await connected.admin("POST", "/accounts/demo/connections/gateway/test");
  expect(await bodyOf(tested)).toMatchObject({ state: "not-possible" });
  expect(gateway.received).toEqual([]);
  const sms = { ...said, channels: [{ channel: "SMS" }] };
  const { messageId, call } = await connected.sendBy(gateway, sms);
  expect(call.headers["x-api-key"]).toBe(gatewayCredentials.apiKey);
  expect(JSON.parse(call.body)).toMatchObject({ message: "Hello", reference: `${messageId}:0` });
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
  expect(await connected.untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  const blocked = { ...sms, user: { msisdn: "+6599990410" } };
  expect((await connected.untilOver(await product.send(blocked))).attempts).toMatchObject([
    { channel: "sms", errorCode: "410", errorClass: "CONSENT" },
  ]);
});

const by = (channel: string) => ({ ...said, channels: [{ channel, fallbackAfter: 3_600 }] });

async function connectInfobip(statuses: (number | null)[]): Promise<Receiver> {
  const gateway = opened.use(await startInfobip(statuses));
  const options = { address: new URL(gateway.url).origin, bridgeUrl: product.places.receiptUrl };
  const body = { provider: "infobip", options, credentials: infobipCredentials };
  expect((await connected.admin("PUT", "/accounts/demo/connections/infobip", body)).status).toBe(
    201,
  );
  onTestFinished(() => connected.disconnect("demo", "infobip"));
  return gateway;
}

it("sends Viber by Infobip, whose reports are believed with the password that it was given", async () => {
  const gateway = await connectInfobip([26]);
  const { messageId, call } = await connected.sendBy(gateway, by("Viber"));
  expect(call.headers.authorization).toBe("App key");
  expect(call.path).toBe("/viber/2/messages");
  const delivered = { status: infobipStatus(5), error: { id: 0 } };
  const guessed = { ...infobipCredentials, webhookPassword: "guess" };
  expect(await postAsInfobip(call, delivered, guessed)).toBe(401);
  expect(await postAsInfobip(call, delivered)).toBe(200);
  expect(await connected.untilOver(messageId)).toMatchObject({
    outcome: "SUCCEEDED",
    attempts: [{ channel: "viber", status: "DELIVERED" }],
  });
});

it("learns from Infobip's report what became of a message whose answer was lost", async () => {
  const gateway = await connectInfobip([null]);
  const channels = [...by("Viber").channels, { channel: "SMS" }];
  const { messageId, call } = await connected.sendBy(gateway, { ...said, channels });
  expect(await postAsInfobip(call, { status: infobipStatus(5) })).toBe(200);
  expect(await connected.untilOver(messageId)).toMatchObject({
    outcome: "SUCCEEDED",
    attempts: [{ channel: "viber", status: "DELIVERED" }],
  });
  expect(gateway.received.filter(({ body }) => body.includes(messageId))).toHaveLength(1);
});

it("calls Infobip again where an answer is lost, and knows that the SMS was taken the first time", async () => {
  const gateway = await connectInfobip([null, 23]);
  const { messageId, call } = await connected.sendBy(gateway, by("SMS"));
  const ids = await vi.waitFor(() => {
    const calls = gateway.received.filter(({ body }) => body.includes(messageId));
    expect(calls).toHaveLength(2);
    return calls.map(infobipIdOf);
  }, WITHIN);
  expect(ids[1]).toBe(ids[0]);
  expect(await postAsInfobip(call, { status: infobipStatus(2) })).toBe(200);
  await connected.untilIs(messageId, { phase: "RUNNING", attempts: [{ status: "SENT" }] });
  expect(await postAsInfobip(call, { status: infobipStatus(5) })).toBe(200);
  expect(await connected.untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
});

const rcs = { channel: "RCS", fallbackAfter: 86_400, successStatus: "Delivered" };

/** Connected until the end of the test. */
async function connectRbm(): Promise<{ google: RbmApi; receiptsUrl: string }> {
  const google = opened.use(await startRbmApi());
  const options = { agentId: AGENT_ID, address: google.url, tokenUrl: `${google.url}/token` };
  const body = { provider: "google-rbm", options, credentials: rbmCredentials };
  const made = await connected.admin("PUT", "/accounts/demo/connections/rbm", body);
  expect(made.status).toBe(201);
  onTestFinished(() => connected.disconnect("demo", "rbm"));
  return {
    google,
    receiptsUrl: `${product.places.receiptUrl}${(await bodyOf(made)).receiptsPath}`,
  };
}

it("sends RCS by Google once though an answer was lost, and goes on when Google took it back", async () => {
  const { google, receiptsUrl } = await connectRbm();
  expect(
    await bodyOf(await connected.admin("POST", "/accounts/demo/connections/rbm/test")),
  ).toMatchObject({ state: "works" });
  const { clientToken } = rbmCredentials;
  const question = JSON.stringify({ clientToken, secret: "1234567890" });
  const asked = await fetch(receiptsUrl, { method: "POST", body: question });
  expect([asked.status, await asked.text()]).toEqual([200, "1234567890"]);
  const channels = [rcs, { channel: "SMS" }];
  await vi.waitFor(async () => {
    await product.send({ ...said, channels });
    await vi.waitFor(() => expect(google.messages.length).toBeGreaterThan(0), { timeout: 3_000 });
  }, WITHIN);
  google.losesNextAnswer = true;
  const messageId = await product.send({ ...said, channels });
  const id = messageIdOf(`${messageId}:0`);
  await vi.waitFor(() => expect(google.repeatCount).toBe(1), WITHIN);
  expect(google.messages.filter((each) => each.messageId === id)).toHaveLength(1);
  const revoked = rbmEvent(id, "TTL_EXPIRATION_REVOKED");
  expect(await postRbm(receiptsUrl, revoked, "a guess")).toBe(401);
  expect(await postRbm(receiptsUrl, revoked)).toBe(200);
  expect((await connected.untilOver(messageId)).attempts).toMatchObject([
    { channel: "rcs", status: "EXPIRED" },
    { channel: "sms", status: "DELIVERED" },
  ]);
  const canceled = await product.send({ ...said, channels });
  const itsId = messageIdOf(`${canceled}:0`);
  await vi.waitFor(async () => {
    expect(google.messages.some((each) => each.messageId === itsId)).toBe(true);
    expect((await product.read(canceled)).attempts[0]?.status).toBe("ACCEPTED");
  }, WITHIN);
  const headers = { authorization: "Bearer demo-key" };
  const url = `${product.places.apiUrl}/ft/v1/messages/${canceled}`;
  expect((await fetch(`${url}/cancel`, { method: "POST", headers })).ok).toBe(true);
  await vi.waitFor(async () => {
    expect(google.revoked).toEqual([itsId]);
    expect(JSON.stringify(await bodyOf(await fetch(url, { headers })))).toContain(
      "RCS took its message back: it will not be delivered.",
    );
  }, WITHIN);
});

it("connects a gateway by a file whose credentials are the environment's, and tries it", async () => {
  const folder = await mkdtemp(join(tmpdir(), "fallthrough-connections-"));
  opened.defer(() => rm(folder, { recursive: true }));
  const url = { FALLTHROUGH_URL: product.places.apiUrl };
  const run = (...args: string[]) => fallthrough({ cwd: folder, env: url }, ...args);
  const account = { id: `shop-${randomUUID().slice(0, 8)}`, name: "Shop" };
  const credentials = { apiKey: "${GATEWAY_KEY}", receiptToken: "${GATEWAY_TOKEN}" };
  const options = gatewayOptions("https://gw.example");
  const connections = { gateway: { provider: "generic-http", options, credentials } };
  await writeFile(join(folder, "shop.yaml"), stringify({ account, connections }));
  const bare = await run("settings", "apply", "shop.yaml", "--yes");
  expect(bare).toMatchObject({ exitCode: 2 });
  expect(bare.stderr).toContain("GATEWAY_KEY, GATEWAY_TOKEN");
  const env = { ...url, GATEWAY_KEY: "hidden-1", GATEWAY_TOKEN: "hidden-2" };
  const applying = ["settings", "apply", "shop.yaml", "--yes"];
  const applied = await fallthrough({ cwd: folder, env }, ...applying);
  expect(applied).toMatchObject({ exitCode: 0, stderr: "" });
  expect(applied.stdout).toContain("connections/gateway added");
  expect(applied.stdout).not.toContain("hidden");
  expect(await run("settings", "diff", "shop.yaml")).toMatchObject({ exitCode: 0, stderr: "" });
  const mine = ["gateway", "--account", account.id];
  const tested = await run("connections", "test", ...mine);
  expect(tested).toMatchObject({ exitCode: 0 });
  expect(tested.stdout).toContain("gateway: not-possible.");
  const dry = await run("connections", "dry-run", "--text", "Hi", ...mine);
  expect(dry.stdout).toContain("POST https://gw.example/v1/send");
  expect(dry.stdout).toContain("x-api-key: ***");
  expect(dry.stdout).toContain('"message":"Hi"');
}, 120_000);

it(`runs what ${FIRST_REAL_MESSAGE} says, with stand-ins for the carriers`, async () => {
  const { printed, sentByMeta } = await runFirstRealMessage(product.places);
  expect(printed).toEqual(PRINTED.map((each) => expect.stringMatching(each)));
  expect(sentByMeta).toMatchObject([{ body: { type: "template" } }]);
}, 240_000);
