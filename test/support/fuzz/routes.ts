// Every route of the product with good requests, on an account of its own: what is fuzzed may delete
// that account and its settings, but not those that a good message needs.

import { signBody } from "#libs/providers/authentication/hmac.ts";
import { encodeForm, signedHeaders } from "#test/support/alibaba-signer.ts";
import { cloudCredentials, cloudWebhook, PHONE_NUMBER_ID } from "#test/support/cloud-api.ts";
import {
  examplesOf,
  type Operation,
  operationsOf,
  parseOpenApi,
} from "#test/support/openapi-document.ts";
import type { Product } from "#test/support/product.ts";
import { proofOf } from "#test/support/signed-receipts.ts";
import type { Route } from "./odd-requests.ts";

const ACCOUNT = "fuzz";
const admin = "demo-admin-key";

/** Makes the account, with a key, and lists the routes. */
export async function makeRoutes({ places, process }: Product): Promise<Route[]> {
  const { apiUrl, simulatorUrl, receiptUrl } = places;
  const guid = "f".repeat(32);
  await put(`${apiUrl}/ft/v1/accounts/${ACCOUNT}`, { name: "Fuzz", guid });
  await put(`${apiUrl}/ft/v1/accounts/${ACCOUNT}/channels/sms`, { senders: ["FUZZ"] });
  await makeFlow(`${apiUrl}/ft/v1/accounts/${ACCOUNT}`);
  const key = await makeKey(apiUrl);
  const cloudReceipts = await connectMeta(apiUrl);
  const document = parseOpenApi(await (await fetch(`${apiUrl}/ft/v1/openapi.json`)).json());
  return [
    ...operationsOf(document).map((operation) => nativeRoute(operation, { apiUrl, key })),
    ...eightByEight(guid).map((route) => ({ ...route, origin: apiUrl, headers: headersOf(key) })),
    ...infobip.map((route) => ({
      ...route,
      origin: apiUrl,
      headers: { ...headersOf(key), authorization: `App ${key}` },
    })),
    ...kaleyra.map((route) => ({
      ...route,
      origin: apiUrl,
      headers: { ...json, "api-key": route.method === "POST" ? key : admin },
    })),
    ...vonage.map((route) => ({
      ...route,
      origin: apiUrl,
      headers: { ...json, authorization: `Basic ${btoa(`${ACCOUNT}:${key}`)}` },
    })),
    ...alibaba(apiUrl),
    ...receipts.map((route) => ({
      ...route,
      origin: receiptUrl,
      headers: json,
      prove: (body: Buffer) => proofOf(body),
    })),
    {
      ...cloudReceipts,
      origin: receiptUrl,
      headers: json,
      prove: (body: Buffer) => ({
        "x-hub-signature-256": signBody(Buffer.from(cloudCredentials.appSecret), body),
      }),
    },
    ...carriers.map((route) => ({ ...route, origin: simulatorUrl, headers: json })),
    ...health.map((route) => ({
      ...route,
      origin: `http://127.0.0.1:${process.metricsPort}`,
      headers: {},
    })),
  ].map((route) => ({ name: `${route.method} ${route.target}`, ...route }));
}

type Bare = Pick<Route, "method" | "target" | "bodies">;
const json = { "content-type": "application/json" };

function headersOf(key: string) {
  return { ...json, authorization: `Bearer ${key}` };
}

function nativeRoute(operation: Operation, { apiUrl, key }: { apiUrl: string; key: string }) {
  const { method, path, parameters = [], requestBody, security } = operation;
  const examples = new Map(parameters.map(({ name, example }) => [name, String(example ?? "x")]));
  examples.set("accountId", ACCOUNT);
  const target = `/ft/v1${path.replaceAll(/\{(\w+)\}/g, (_, name) => examples.get(name) ?? "x")}`;
  const bodies = Object.values(requestBody?.content ?? {}).flatMap(examplesOf);
  return {
    origin: apiUrl,
    method: method.toUpperCase(),
    target,
    headers: headersOf(security === undefined ? key : admin),
    bodies: bodies.filter((body) => typeof body === "object" && body !== null),
  };
}

const UMID = "4f1a1c30-5d5b-4c7e-9c8e-0a1b2c3d4e5f";
const text = {
  user: { msisdn: "+6599990000" },
  type: "text",
  content: { text: "Hello", fallbackText: "Hi", sms: { encoding: "AUTO", source: "FUZZ" } },
  channels: [{ channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read" }, { channel: "SMS" }],
  scheduled: "2099-01-01T00:00:00Z",
};

function eightByEight(guid: string): Bare[] {
  const messages = `/api/v1/subaccounts/${ACCOUNT}/messages`;
  const hooks = `/api/v1/accounts/${guid}/webhooks`;
  const hook = { subAccountId: ACCOUNT, type: "CADR", url: "https://example.com/told" };
  return [
    { method: "POST", target: messages, bodies: [text] },
    { method: "POST", target: `${messages}/batch`, bodies: [{ template: text, messages: [text] }] },
    { method: "GET", target: `${messages}/${UMID}`, bodies: [] },
    { method: "DELETE", target: `${messages}/${UMID}`, bodies: [] },
    { method: "DELETE", target: `${messages}/batch/${UMID}`, bodies: [] },
    { method: "GET", target: hooks, bodies: [] },
    { method: "POST", target: hooks, bodies: [hook] },
    { method: "DELETE", target: hooks, bodies: [hook] },
  ];
}

const texts = {
  messages: [
    {
      channel: "WHATSAPP",
      sender: "FUZZ",
      destinations: [
        {
          byChannel: [
            { channel: "WHATSAPP", to: "6599990000" },
            { channel: "SMS", to: "6599990000" },
          ],
          messageId: "f-1",
        },
      ],
      content: { body: { text: "Hello", type: "TEXT" } },
      options: { validityPeriod: { amount: 60, timeUnit: "SECONDS" } },
      failover: [{ channel: "SMS", sender: "FUZZ" }],
      webhooks: { delivery: { url: "https://example.com/told" } },
    },
  ],
  options: { schedule: { bulkId: "b-1", sendAt: "2099-01-01T00:00:00.000+0000" } },
};
const infobip: Bare[] = [{ method: "POST", target: "/messages-api/1/messages", bodies: [texts] }];

const FLOW = "kaleyra";
const workflow = `/v1/${ACCOUNT}/workflow/v1`;
const invocation = {
  requestId: "f-1",
  input: {
    send1: { recipient: "6599990000", templateParams: { order: "17" } },
  },
};
const channel = { channel: "sms", from: "FUZZ", template: "order", delay: 60 };
const kaleyra: Bare[] = [
  { method: "POST", target: `${workflow}/instances/${FLOW}/invoke`, bodies: [invocation] },
  { method: "PUT", target: `${workflow}/flows/${FLOW}/first-channel`, bodies: [channel] },
  { method: "PUT", target: `${workflow}/flows/${FLOW}/second-channel`, bodies: [channel] },
  { method: "PUT", target: `${workflow}/flows/${FLOW}`, bodies: [{ title: "Fuzz" }] },
  { method: "GET", target: `${workflow}/flows`, bodies: [] },
];

const message = {
  message_type: "text",
  channel: "sms",
  to: "6599990000",
  from: "FUZZ",
  text: "Hello",
  sms: { encoding_type: "auto" },
  ttl: 60,
  client_ref: "c-1",
  webhook_version: "v1",
};
const bySms = {
  from: { type: "sms", number: "FUZZ" },
  to: { type: "sms", number: "6599990000" },
  message: { content: { type: "text", text: "Hello" } },
};
const failover = { expiry_time: 600, condition_status: "delivered" };
const dispatched = { template: "failover", workflow: [{ ...bySms, failover }, bySms] };
const vonage: Bare[] = [
  { method: "POST", target: "/v0.1/dispatch", bodies: [dispatched] },
  { method: "POST", target: "/v1/messages", bodies: [{ ...message, failover: [message] }] },
  { method: "PATCH", target: `/v1/messages/${UMID}`, bodies: [{ status: "revoked" }] },
];

const chat = {
  ChannelType: "whatsapp",
  TemplateCode: "order_update",
  Language: "en",
  TemplateParams: { name: "James" },
  From: "FALLTHRU",
  To: "6599990000",
  TaskId: "t-1",
  FallBackId: "S_000001",
  FallBackContent: "Hello",
  FallBackDuration: "60",
  FallBackRule: "undelivered",
};
const { To: _to, TemplateParams: _params, ...mass } = chat;
const calls = {
  SendChatappMessage: {
    ...chat,
    Type: "template",
    MessageType: "text",
    Content: { text: "Hello" },
  },
  SendChatappMassMessage: { ...mass, SenderList: [{ To: chat.To, TemplateParams: { a: "b" } }] },
  ListChatappMessage: { ChannelType: "whatsapp", Page: { Index: 1, Size: 10 }, StartTime: "0" },
};

/** By the demonstration's access key: what is fuzzed of settings leaves that account alone. */
function alibaba(origin: string) {
  return Object.entries(calls).map(([action, body]) => ({
    method: "POST",
    target: `/?Action=${action}`,
    bodies: [body],
    origin,
    headers: {},
    encode: toForm,
    prove: (payload: Buffer) =>
      signedHeaders({ payload, search: `Action=${action}` }, { action, host: "127.0.0.1" }),
  }));
}

/** What is no text is JSON, as Alibaba's clients send it. */
function toForm(body: unknown): Buffer {
  const members = Object.entries(Object(body)).map(([name, value]) => {
    const written = typeof value === "string" ? value : JSON.stringify(value);
    return [name, written ?? ""] as const;
  });
  return Buffer.from(encodeForm(Object.fromEntries(members)));
}

const receipt = {
  receiptId: "r1",
  id: UMID,
  reference: "fuzz-0:0",
  status: "delivered",
  at: 1_790_000_000_000,
};
const receipts: Bare[] = [
  { method: "POST", target: "/receipts/simulated-sms", bodies: [receipt, [receipt]] },
];

/** An account of its own, whose connection nobody fuzzes. It sends nothing, and hears of everything. */
async function connectMeta(apiUrl: string): Promise<Bare & Pick<Route, "name">> {
  const account = `${apiUrl}/ft/v1/accounts/${ACCOUNT}-meta`;
  await put(account, { name: "Receipts" });
  const options = { phoneNumberId: PHONE_NUMBER_ID };
  const connection = { provider: "whatsapp-cloud", enabled: false, options };
  const answer = await put(`${account}/connections/meta`, {
    ...connection,
    credentials: cloudCredentials,
  });
  const { receiptsPath } = Object(await answer.json());
  const body: object = JSON.parse(cloudWebhook("wamid.fuzz", { status: "delivered" }));
  // Its path is another one in every run; a seed is replayed by the route's name.
  const name = "POST /receipts/whatsapp-cloud";
  return { name, method: "POST", target: String(receiptsPath), bodies: [body] };
}

const call = { recipient: "+6599990000", text: "Hello", commandId: "fuzz-0:0" };
const carriers: Bare[] = [
  { method: "POST", target: "/carriers/sms/messages", bodies: [call] },
  { method: "GET", target: "/sent?recipient=%2B6599990000", bodies: [] },
];

const health: Bare[] = ["/healthz", "/readyz", "/metrics"].map((target) => {
  return { method: "GET", target, bodies: [] };
});

async function put(url: string, body: object): Promise<Response> {
  const response = await fetch(url, {
    method: "PUT",
    headers: headersOf(admin),
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`PUT ${url}: ${await response.text()}`);
  return response;
}

/** A published flow that an invocation of Kaleyra's can name. */
async function makeFlow(account: string): Promise<void> {
  await put(`${account}/sms-templates/order`, { text: "Order {{order}} is on its way." });
  const step = { channel: "sms", sender: "FUZZ", template: "order", waitSeconds: 60 };
  await put(`${account}/flows/${FLOW}`, { steps: [step] });
  const response = await fetch(`${account}/flows/${FLOW}/publish`, {
    method: "POST",
    headers: { authorization: `Bearer ${admin}`, "if-match": "*" },
  });
  if (!response.ok) throw new Error(`The flow is not published: ${await response.text()}`);
}

async function makeKey(apiUrl: string): Promise<string> {
  const response = await fetch(`${apiUrl}/ft/v1/accounts/${ACCOUNT}/api-keys`, {
    method: "POST",
    headers: headersOf(admin),
    body: JSON.stringify({ scopes: ["send", "read"], label: "fuzz" }),
  });
  const { key } = Object(await response.json());
  return String(key);
}
