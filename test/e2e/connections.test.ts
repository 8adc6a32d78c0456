// An account connects its own WhatsApp number at Meta: messages go there, what Meta signs decides, and
// everything else goes on as before.
import { randomBytes } from "node:crypto";
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
import {
  bodyOf,
  type ConnectedProduct,
  startConnectedProduct,
} from "#test/support/connected-product.ts";
import type { Product } from "#test/support/product.ts";

const WITHIN = { timeout: 30_000, interval: 50 };
const user = { msisdn: "+6599990000" };
const whatsapp = { channel: "WhatsApp", fallbackAfter: 86_400, successStatus: "Delivered" };
const said = { user, type: "text", content: { text: "Hello" } };

const opened = new AsyncDisposableStack();
let product: Product;
let connected: ConnectedProduct;
let meta: CloudApi;
let receiptsPath: string;

beforeAll(async () => {
  meta = opened.use(await startCloudApi());
  ({ product, connected } = opened.use(await startConnectedProduct()));
  ({ receiptsPath } = await bodyOf(await put("demo", connection())));
});
beforeEach(() => {
  meta.answer = () => undefined;
});
afterAll(async () => {
  // Or the next files' messages would go to a Meta that is gone.
  await connected.disconnect("demo", "meta");
  await opened.disposeAsync();
});

function connection(more: object = {}) {
  const options = { phoneNumberId: PHONE_NUMBER_ID, address: meta.url };
  return { provider: "whatsapp-cloud", options, credentials: cloudCredentials, ...more };
}

function put(accountId: string, body: object): Promise<Response> {
  return connected.admin("PUT", `/accounts/${accountId}/connections/meta`, body);
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
  const message = await connected.untilOver(messageId);
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
  expect((await connected.untilOver(refused)).attempts).toMatchObject([
    { channel: "whatsapp", errorCode: "131026" },
    { channel: "sms", status: "DELIVERED" },
  ]);
  const failed = await product.send({ ...said, channels });
  const { wamid } = await callOf(failed);
  const errors = [{ code: 131049, title: "Not delivered to maintain a healthy ecosystem" }];
  await postWebhook(receiptsUrl(), cloudWebhook(wamid, { status: "failed", errors }));
  expect((await connected.untilOver(failed)).attempts).toMatchObject([
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
  expect(await connected.untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  expect(meta.calls.filter(({ body }) => JSON.stringify(body).includes(messageId))).toHaveLength(1);
});

it("believes no status that Meta did not sign, and none of another account's connection", async () => {
  const messageId = await product.send({ ...said, channels: [whatsapp] });
  const { wamid } = await callOf(messageId);
  const delivered = cloudWebhook(wamid, { status: "delivered" });
  expect(await postWebhook(receiptsUrl(), delivered, "another secret")).toBe(401);
  await connected.admin("PUT", "/accounts/other", { name: "Other", defaultWaitSeconds: 60 });
  const appSecret = "of-the-other-account";
  const credentials = { ...cloudCredentials, appSecret };
  const made = await vi.waitFor(async () => {
    const answer = await put("other", connection({ credentials }));
    expect(answer.status).toBe(201);
    return bodyOf(answer);
  }, WITHIN);
  onTestFinished(() => connected.disconnect("other", "meta"));
  const foreign = `${product.places.receiptUrl}${made.receiptsPath}`;
  await vi.waitFor(
    async () => expect(await postWebhook(foreign, delivered, appSecret)).toBe(200),
    WITHIN,
  );
  expect(await postWebhook(`${receiptsUrl()}0`, delivered)).toBe(404);
  expect((await product.read(messageId)).phase).not.toBe("ENDED");
  expect(await postWebhook(receiptsUrl(), delivered)).toBe(200);
  expect(await connected.untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
});

it("hears of what it has sent when it was deleted meanwhile", async () => {
  const messageId = await product.send({ ...said, channels: [whatsapp] });
  const { wamid } = await callOf(messageId);
  await connected.disconnect("demo", "meta");
  const shown = await connected.admin("GET", "/accounts/demo/connections");
  expect((await bodyOf(shown)).items).toEqual([]);
  const delivered = cloudWebhook(wamid, { status: "delivered" });
  expect(await postWebhook(receiptsUrl(), delivered)).toBe(200);
  expect(await connected.untilOver(messageId)).toMatchObject({ outcome: "SUCCEEDED" });
  const before = receiptsPath;
  ({ receiptsPath } = await bodyOf(await put("demo", connection())));
  expect(receiptsPath).not.toBe(before);
  await vi.waitFor(async () => {
    expect((await ask(cloudCredentials.verifyToken)).status).toBe(200);
  }, WITHIN);
});

it("goes on with its next connection where Meta does not take the first one's key", async () => {
  const credentials = { ...cloudCredentials, accessToken: "EAAJB-of-yesterday" };
  const path = "/accounts/demo/connections/first";
  const first = await bodyOf(
    await connected.admin("PUT", path, connection({ credentials, priority: 0 })),
  );
  onTestFinished(() => connected.disconnect("demo", "first"));
  expect(first).toMatchObject({ priority: 0, channels: ["whatsapp"] });
  const message = await vi.waitFor(async () => {
    const messageId = await product.send({ ...said, channels: [whatsapp, { channel: "SMS" }] });
    const { wamid } = await callOf(messageId);
    await postWebhook(receiptsUrl(), cloudWebhook(wamid, { status: "delivered" }));
    const over = await connected.untilOver(messageId);
    // Until every dispatcher has seen the new connection, the one that is good takes it at once.
    expect(JSON.stringify(over.story)).toContain("first");
    return over;
  }, WITHIN);
  expect(message).toMatchObject({ outcome: "SUCCEEDED", attempts: [{ channel: "whatsapp" }] });
  expect(JSON.stringify(message.story)).toContain(
    "WhatsApp reported accepted by meta, after first had refused (code 190, sender: ",
  );
});

it("goes on with the operator's connection where the account's own is refused, and tells no more of it", async () => {
  const credentials = { ...cloudCredentials, appSecret: "of-the-operator" };
  const shared = connection({ credentials, accounts: ["demo"] });
  const made = await bodyOf(await connected.admin("PUT", "/connections/shared", shared));
  onTestFinished(() => connected.disconnect(null, "shared"));
  const wrong = { ...cloudCredentials, accessToken: "EAAJB-of-yesterday" };
  await connected.disconnect("demo", "meta");
  await put("demo", connection({ credentials: wrong }));
  onTestFinished(async () => {
    await connected.disconnect("demo", "meta");
    ({ receiptsPath } = await bodyOf(await put("demo", connection())));
  });
  const url = `${product.places.receiptUrl}${made.receiptsPath}`;
  const message = await vi.waitFor(async () => {
    const messageId = await product.send({ ...said, channels: [whatsapp] });
    const { wamid } = await callOf(messageId);
    const delivered = cloudWebhook(wamid, { status: "delivered" });
    expect(await postWebhook(url, delivered, credentials.appSecret)).toBe(200);
    const over = await connected.untilOver(messageId);
    expect(JSON.stringify(over.story)).toContain("the operator's shared");
    return over;
  }, WITHIN);
  const told = JSON.stringify(message);
  expect(told).toContain("accepted by the operator's shared, after meta had refused (code 190");
  expect(message).toMatchObject({ outcome: "SUCCEEDED" });
  // What attempts show is no address: whoever sees them can end nothing.
  const { provider } = Object(message.attempts[0]);
  const guessed = `${product.places.receiptUrl}/receipts/${provider.replace(".", "/")}`;
  expect(await postWebhook(guessed, "{}", credentials.appSecret)).toBe(404);
  expect(told).not.toContain(made.receiptsPath);
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
  const shown = await (await connected.admin("GET", "/accounts/demo/connections/meta")).text();
  expect(shown).toContain(PHONE_NUMBER_ID);
  for (const secret of Object.values(cloudCredentials)) expect(shown).not.toContain(secret);
  const odd = { provider: "whatsapp-cloud", options: { phoneNumberId: "+65", apiVersion: "25" } };
  const refused = await connected.admin("PUT", "/accounts/demo/connections/odd", odd);
  expect(refused.status).toBe(422);
  const { detail } = await bodyOf(refused);
  expect(detail).toContain("/options/phoneNumberId");
  expect(detail).toContain("/options/apiVersion");
  const unknown = await connected.admin("PUT", "/accounts/demo/connections/odd", {
    ...odd,
    provider: "pigeon",
  });
  expect((await bodyOf(unknown)).detail).toContain("whatsapp-cloud");
});
