// 8x8's example of three steps over three carriers that are none of ours: WhatsApp by Meta's Cloud API
// (a stand-in that refuses what Meta would), Viber by Infobip (Prism with Infobip's own OpenAPI takes
// the call), SMS over SMPP (an SMSC that others wrote). Each says on its own line what became of it.
import { createHmac, randomUUID } from "node:crypto";
import type { ServerResponse } from "node:http";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import {
  type CloudApi,
  cloudCredentials,
  cloudWebhook,
  PHONE_NUMBER_ID,
  postWebhook,
  startCloudApi,
} from "#test/support/cloud-api.ts";
import { type IndependentSmsc, startIndependentSmsc } from "#test/support/independent-smsc.ts";
import { startPrism } from "#test/support/prism.ts";
import { type Product, startProduct } from "#test/support/product.ts";
import { pythonSmsc } from "#test/support/python-sdk.ts";
import { type Received, type Receiver, startReceiver } from "#test/support/webhook-receiver.ts";

const WITHIN = { timeout: 40_000, interval: 50 };
const WEBHOOK_SECRET = "signs-what-Infobip-posts";
const user = { msisdn: "+6599990000" };

const opened = new AsyncDisposableStack();
let product: Product;
let meta: CloudApi;
let gateway: Receiver;
let endpoint: Receiver;
let smsc: IndependentSmsc;
let prismUrl: string | undefined;
let receiptsPaths: Record<string, string> = {};

beforeAll(async () => {
  const python = await pythonSmsc();
  const prism = await startPrism("infobip/infobip-viber-openapi.json");
  if (!python || !prism) return;
  prismUrl = opened.use(prism).url;
  const port = await freePort();
  smsc = opened.use(await startIndependentSmsc(python, { port, idPrefix: `c${randomUUID()}-` }));
  meta = opened.use(await startCloudApi());
  gateway = opened.use(await startReceiver());
  gateway.answer = (call) => (response) => void takeAsInfobip(call, response);
  endpoint = opened.use(await startReceiver());
  const env = { CONNECTION_ALLOW_PRIVATE: "true", WEBHOOK_ALLOW_PRIVATE: "true" };
  product = opened.use(await startProduct({ timeScale: 0.1, env }));
  receiptsPaths = await connectAll(port);
});
afterAll(async () => {
  // Or the next files' messages would go to carriers that are gone.
  if (prismUrl) for (const name of Object.keys(receiptsPaths)) await admin("DELETE", name);
  await opened.disposeAsync();
});

async function connectAll(port: number): Promise<Record<string, string>> {
  const connections = {
    meta: {
      provider: "whatsapp-cloud",
      options: { phoneNumberId: PHONE_NUMBER_ID, address: meta.url },
      credentials: cloudCredentials,
    },
    infobip: {
      provider: "infobip",
      channels: ["viber"],
      options: { address: new URL(gateway.url).origin },
      credentials: { apiKey: "key", webhookSecret: WEBHOOK_SECRET },
    },
    smsc: {
      provider: "smpp",
      options: { address: `smpp://127.0.0.1:${port}` },
      credentials: { systemId: "fallthrough", password: "secret" },
    },
  };
  const paths: Record<string, string> = {};
  for (const [name, body] of Object.entries(connections)) {
    const answer = await admin("PUT", name, body);
    const { receiptsPath = "" } = Object(await answer.json());
    expect(answer.status).toBe(201);
    paths[name] = receiptsPath;
  }
  await vi.waitFor(
    () => expect(smsc.events).toContainEqual(expect.objectContaining({ event: "bound" })),
    WITHIN,
  );
  return paths;
}

function admin(method: "PUT" | "DELETE", name: string, body?: object): Promise<Response> {
  return fetch(`${product.places.apiUrl}/ft/v1/accounts/demo/connections/${name}`, {
    method,
    headers: {
      authorization: "Bearer demo-admin-key",
      ...(body
        ? { "content-type": "application/json", "if-none-match": "*" }
        : { "if-match": "*" }),
    },
    ...(body && { body: JSON.stringify(body) }),
  });
}

/** Prism says whether Infobip would take the call; what Infobip then makes of it is said here. */
async function takeAsInfobip({ path, headers, body }: Received, response: ServerResponse) {
  const { authorization = "" } = headers;
  const taken = await fetch(`${prismUrl}${path}`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json", authorization },
    body,
  });
  const [{ messageId, to }] = destinationsOf(body);
  const status = {
    groupId: 1,
    groupName: "PENDING",
    id: 26,
    name: "PENDING_ACCEPTED",
    description: "Taken.",
  };
  const answer = { bulkId: "b", messages: [{ messageId, destination: to, status }] };
  response.writeHead(taken.status, { "content-type": "application/json" });
  response.end(taken.ok ? JSON.stringify(answer) : await taken.text());
}

function destinationsOf(body: string): [{ messageId: string; to: string }] {
  return JSON.parse(body).messages[0].destinations;
}

async function postAsInfobip(messageId: string, told: object): Promise<number> {
  const body = JSON.stringify({ results: [{ messageId, to: user.msisdn, ...told }] });
  const signature = createHmac("sha256", WEBHOOK_SECRET).update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-signature": signature };
  const url = `${product.places.receiptUrl}${receiptsPaths["infobip"]}`;
  return (await fetch(url, { method: "POST", headers, body })).status;
}

it("three steps go out by three carriers, and story, costs and webhooks say what each made of it", async ({
  skip,
}) => {
  if (!prismUrl) skip("There is no Prism, or no Python with smpp34.");
  const mark = randomUUID();
  const messageId = await product.send({
    user,
    type: "text",
    content: { text: mark },
    dlrCallbackUrl: endpoint.url,
    channels: [
      { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" },
      { channel: "Viber", fallbackAfter: 600, successStatus: "Delivered" },
      { channel: "SMS" },
    ],
  });

  // WhatsApp is delivered, and not read in time.
  const wamid = await vi.waitFor(() => {
    const call = meta.calls.find(({ body }) => JSON.stringify(body).includes(messageId));
    expect(call).toBeDefined();
    return call!.wamid;
  }, WITHIN);
  const pricing = { billable: true, pricing_model: "PMP", type: "regular", category: "utility" };
  const metaUrl = `${product.places.receiptUrl}${receiptsPaths["meta"]}`;
  expect(await postWebhook(metaUrl, cloudWebhook(wamid, { status: "sent", pricing }))).toBe(200);
  expect(await postWebhook(metaUrl, cloudWebhook(wamid, { status: "delivered" }))).toBe(200);

  // Viber takes it, and cannot deliver.
  const viberId = await vi.waitFor(() => {
    const call = gateway.received.find(({ body }) => body.includes(mark));
    expect(call).toBeDefined();
    return destinationsOf(call!.body)[0].messageId;
  }, WITHIN);
  const told = {
    price: { pricePerMessage: 0.012, currency: "EUR" },
    messageCount: 1,
    status: {
      groupId: 2,
      groupName: "UNDELIVERABLE",
      id: 9,
      name: "UNDELIVERABLE_NOT_DELIVERED",
      description: "No.",
    },
    error: {
      groupId: 1,
      groupName: "HANDSET_ERRORS",
      id: 1,
      name: "EC_UNKNOWN_SUBSCRIBER",
      description: "Unknown subscriber",
      permanent: true,
    },
  };
  expect(await postAsInfobip(viberId, told)).toBe(200);

  // The SMS arrives.
  const hex = Buffer.from(mark).toString("hex");
  const submitted = await vi.waitFor(() => {
    const [first] = smsc.submitted().filter(({ message }) => message.includes(hex));
    expect(first).toBeDefined();
    return first!;
  }, WITHIN);
  const dates = "submit date:2611291200 done date:2611291201";
  smsc.deliver([[`id:${submitted.id} sub:001 dlvrd:001 ${dates} stat:DELIVRD err:000 text:`]]);

  const whole = {
    outcome: "SUCCEEDED",
    duplicate: true,
    attempts: [
      {
        channel: "whatsapp",
        status: "DELIVERED",
        providerMessageId: wamid,
        charge: { isBillable: true, category: "utility" },
      },
      {
        channel: "viber",
        status: "UNDELIVERED",
        errorCode: "error-1",
        charge: { amountMicros: 12_000, currency: "EUR" },
      },
      { channel: "sms", status: "DELIVERED", segmentCount: 1 },
    ],
    cost: { currency: "EUR" },
    extraCost: { currency: "EUR" },
  };
  // Words that came late, as a dispatcher's behind its carrier's receipt, are told after the end.
  const message = await vi.waitFor(async () => {
    const found = await product.read(messageId);
    expect(found).toMatchObject({ phase: "ENDED", ...whole });
    return found;
  }, WITHIN);
  expect(message.attempts.map((attempt) => String(Object(attempt).provider).split(".")[0])).toEqual(
    ["whatsapp-cloud", "infobip", "smpp"],
  );
  const rules = message.story.map(
    ({ rule, channel }: { rule: string; channel?: string }) => `${channel ?? "-"} ${rule}`,
  );
  for (const each of ["whatsapp wait-ended", "viber failure-report", "sms wanted-status-reached"]) {
    expect(rules).toContain(each);
  }
  // The simulated carriers heard nothing of it.
  expect(await product.callsOf(messageId)).toEqual([]);
  await vi.waitFor(() => {
    const words = endpoint.received
      .filter(({ body }) => body.includes(messageId))
      .map(({ body }) => JSON.parse(body).payload)
      .map(({ channel, status }) => `${channel} ${status.state}`);
    expect(words).toContain("whatsapp delivered");
    expect(words.at(-1)).toBe("sms delivered");
  }, WITHIN);
});
