// The routes of the vendors' dialects with good requests, as their clients send them.
import { unservedOperations } from "#services/api/dialects/8x8/unserved-operations.ts";
import { encodeForm, signedHeaders } from "#test/support/alibaba-signer.ts";
import { ACCOUNT, admin, type Bare, type Draft, headersOf, json } from "./fuzz-account.ts";

/** `guid`: 8x8's name for the account. `key` is the account's. */
type Place = { origin: string; key: string; guid: string };

export function dialectRoutes({ origin, key, guid }: Place): Draft[] {
  const routes = (bare: readonly Bare[], headers: Draft["headers"]) =>
    bare.map((route) => ({ ...route, origin, headers }));
  const bearing = headersOf(key);
  return [
    ...routes([...eightByEight(guid), ...unserved(guid)], bearing),
    ...routes(infobip, { ...bearing, authorization: `App ${key}` }),
    ...routes(kaleyraMessages, { ...json, "api-key": key }),
    ...routes(kaleyraFlows, { ...json, "api-key": admin }),
    ...routes(vonage, { ...json, authorization: `Basic ${btoa(`${ACCOUNT}:${key}`)}` }),
    ...alibaba(origin),
  ];
}

export const UMID = "4f1a1c30-5d5b-4c7e-9c8e-0a1b2c3d4e5f";
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
    { method: "GET", target: messages, bodies: [] },
    { method: "DELETE", target: messages, bodies: [] },
    { method: "POST", target: `${messages}/batch`, bodies: [{ template: text, messages: [text] }] },
    { method: "GET", target: `${messages}/${UMID}`, bodies: [] },
    { method: "DELETE", target: `${messages}/${UMID}`, bodies: [] },
    { method: "DELETE", target: `${messages}/batch/${UMID}`, bodies: [] },
    { method: "GET", target: hooks, bodies: [] },
    { method: "POST", target: hooks, bodies: [hook] },
    { method: "DELETE", target: hooks, bodies: [hook] },
  ];
}

/** What we do not serve is refused, whatever comes. */
function unserved(guid: string): Bare[] {
  return unservedOperations.map(([method, path]) => {
    const ofAccount = path.replace(":subAccountId", ACCOUNT).replace(":accountId", guid);
    return { method, target: ofAccount.replaceAll(/:\w+/g, UMID), bodies: [] };
  });
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

/** Published flows of the account's: one is invoked, the other one may be changed to anything. */
export const [FLOW, CHANGED_FLOW] = ["kaleyra", "kaleyra-2"] as const;
const workflow = `/v1/${ACCOUNT}/workflow/v1`;
const invocation = {
  requestId: "f-1",
  input: {
    send1: { recipient: "6599990000", templateParams: { order: "17" } },
  },
};
const channel = { channel: "sms", from: "FUZZ", template: "order", delay: 60 };
const kaleyraMessages: Bare[] = [
  { method: "POST", target: `${workflow}/instances/${FLOW}/invoke`, bodies: [invocation] },
];
const kaleyraFlows: Bare[] = [
  { method: "GET", target: `${workflow}/channels/sms`, bodies: [] },
  { method: "GET", target: `${workflow}/flows`, bodies: [] },
  { method: "POST", target: `${workflow}/flows`, bodies: [{ title: "Fuzz" }] },
  { method: "GET", target: `${workflow}/flows/${CHANGED_FLOW}`, bodies: [] },
  { method: "PUT", target: `${workflow}/flows/${CHANGED_FLOW}`, bodies: [{ title: "Fuzz" }] },
  { method: "DELETE", target: `${workflow}/flows/${CHANGED_FLOW}`, bodies: [] },
  { method: "POST", target: `${workflow}/flows/${FLOW}/clone`, bodies: [{ title: "Fuzz 2" }] },
  { method: "PUT", target: `${workflow}/flows/${CHANGED_FLOW}/first-channel`, bodies: [channel] },
  { method: "PUT", target: `${workflow}/flows/${CHANGED_FLOW}/second-channel`, bodies: [channel] },
  { method: "DELETE", target: `${workflow}/flows/${CHANGED_FLOW}/second-channel`, bodies: [] },
  { method: "POST", target: `${workflow}/flows/${CHANGED_FLOW}/publish`, bodies: [] },
  { method: "POST", target: `${workflow}/flows/${CHANGED_FLOW}/unpublish`, bodies: [] },
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
function alibaba(origin: string): Draft[] {
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
