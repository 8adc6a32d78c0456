// One story per vendor: what its client sends, and what it is to be told in the vendor's own words.
import * as cams from "@alicloud/cams20200606";
import { Config } from "@alicloud/openapi-client";
import { Vonage } from "@vonage/server-sdk";
import { messageIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { isObject, type JsonObject } from "#libs/json/json-object.ts";
import { ask } from "../ask.ts";
import type { Stage } from "./stage.ts";

/** A module of CommonJS: how deep its class lies depends on who loads it. */
const AlibabaClient: typeof cams.default.default = Object(cams.default).default ?? cams.default;

export type VendorStory = {
  vendor: string;
  /** Its request, how it proves who it is, and what it asks for. */
  request: string;
  asks: string;
  send: (stage: Stage) => Promise<Answered>;
  /** What a notification says, of a message; undefined for one of another message or vendor. */
  hear: (notification: unknown, messageId: string) => string | undefined;
  /** The last that it is to hear. */
  expected: string;
};
export type Answered = { messageId: string; answer: object };

const eightByEight: VendorStory = {
  vendor: "8x8",
  request: "POST /api/v1/subaccounts/vendors/messages, Authorization: Bearer",
  asks: "WhatsApp, delivered within 60 s; else SMS. WhatsApp stays silent.",
  send: async ({ accountId, product, receiver }) => {
    const answer = await post(`${product.api}/api/v1/subaccounts/${accountId}/messages`, {
      headers: { authorization: `Bearer ${product.apiKey}` },
      body: {
        user: { msisdn: "+6599990400" },
        type: "text",
        content: { text: "Your parcel waits." },
        channels: [
          { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Delivered" },
          { channel: "SMS" },
        ],
        dlrCallbackUrl: receiver.url,
      },
    });
    return { messageId: String(answer["umid"]), answer };
  },
  hear: (notification, messageId) => {
    const payload = objectIn(notification, "payload");
    if (payload["umid"] !== messageId) return undefined;
    return `${said(payload, "channel")} ${said(objectIn(payload, "status"), "state")}`;
  },
  expected: "sms delivered",
};

const alibaba: VendorStory = {
  vendor: "Alibaba ChatApp",
  request: "POST / SendChatappMessage by @alicloud/cams20200606, signed ACS3-HMAC-SHA256",
  asks: "WhatsApp; FallBackId S_000001, undelivered within 60 s: SMS. WhatsApp refuses.",
  send: async ({ product, accessKey }) => {
    const client = new AlibabaClient(
      new Config({
        accessKeyId: accessKey.id,
        accessKeySecret: accessKey.secret,
        endpoint: new URL(product.api).host,
        protocol: "HTTP",
      }),
    );
    const request = new cams.SendChatappMessageRequest({
      channelType: "whatsapp",
      type: "message",
      messageType: "text",
      content: JSON.stringify({ text: "Your parcel waits." }),
      from: "FALLTHRU",
      to: "6599990300",
      fallBackId: "S_000001",
      fallBackContent: "Your parcel waits, by SMS.",
      fallBackDuration: 60,
      fallBackRule: "undelivered",
    });
    const { body } = await client.sendChatappMessage(request);
    return { messageId: body?.messageId ?? "", answer: body?.toMap() ?? {} };
  },
  hear: (notification, messageId) => {
    const [told] = Array.isArray(notification) ? notification.filter(isObject) : [];
    if (told?.["MessageId"] !== messageId) return undefined;
    return said(told, "ChannelType", "Status", "ErrorCode");
  },
  expected: "sms Delivered",
};

const kaleyra: VendorStory = {
  vendor: "Kaleyra",
  request: "POST /v1/vendors/workflow/v1/instances/codes/invoke, api-key",
  asks: "a flow of WhatsApp for 60 s, then SMS for 90 s. WhatsApp stays silent.",
  send: async ({ accountId, product }) => {
    const recipient = "6599991400";
    const answer = await post(`${product.api}/v1/${accountId}/workflow/v1/instances/codes/invoke`, {
      headers: { "api-key": product.apiKey },
      body: {
        requestId: "login-1",
        input: {
          send1: { recipient, templateParams: { 1: "4711" } },
          send2: { recipient, templateParams: { code: "4711" } },
        },
      },
    });
    return { messageId: String(answer["workflowInvocationId"]), answer };
  },
  hear: (notification, messageId) => {
    if (!isObject(notification) || notification["workflowInvocationId"] !== messageId) {
      return undefined;
    }
    const result = objectIn(notification, "result");
    const channels = Object.keys(result).map((name) => {
      return `${name} ${said(objectIn(result, name), "statusCode")}`;
    });
    return `${said(notification, "executionStatus")}: ${channels.join(", ")}`;
  },
  expected: "COMPLETED: channel1 TIMEOUT, channel2 DELIVERED",
};

const infobip: VendorStory = {
  vendor: "Infobip",
  request: "POST /messages-api/1/messages, Authorization: App",
  asks: "WhatsApp, valid for a minute; failover SMS. WhatsApp cannot deliver.",
  send: async ({ product, receiver }) => {
    const to = "6599990500";
    const answer = await post(`${product.api}/messages-api/1/messages`, {
      headers: { authorization: `App ${product.apiKey}` },
      body: {
        messages: [
          {
            channel: "WHATSAPP",
            sender: "FALLTHRU",
            destinations: [
              {
                byChannel: [
                  { channel: "WHATSAPP", to },
                  { channel: "SMS", to },
                ],
              },
            ],
            content: { body: { type: "TEXT", text: "Your parcel waits." } },
            options: { validityPeriod: { amount: 1, timeUnit: "MINUTES" } },
            failover: [{ channel: "SMS", sender: "FALLTHRU" }],
            webhooks: { delivery: { url: receiver.url } },
          },
        ],
      },
    });
    const [sent] = listIn(answer, "messages");
    return { messageId: String(sent?.["messageId"]), answer };
  },
  hear: (notification, messageId) => {
    const [result] = listIn(notification, "results");
    if (result?.["messageId"] !== messageId || result["event"] !== "DELIVERY") return undefined;
    return `${said(result, "channel")} ${said(objectIn(result, "status"), "name")}`;
  },
  expected: "SMS DELIVERED_TO_HANDSET",
};

const vonage: VendorStory = {
  vendor: "Vonage",
  request: "POST /v1/messages by @vonage/server-sdk, Authorization: Basic",
  asks: "WhatsApp, ttl 60 s; failover SMS. WhatsApp stays silent.",
  send: async ({ accountId, product, receiver }) => {
    const credentials = { apiKey: accountId, apiSecret: product.apiKey };
    const { messages } = new Vonage(credentials, { apiHost: product.api });
    const both = { messageType: "text", from: "FALLTHRU", to: "6599992400" } as const;
    const answer = await messages.send({
      ...both,
      channel: "whatsapp",
      text: "Your parcel waits.",
      ttl: 60,
      webhookUrl: receiver.url,
      failover: [{ ...both, channel: "sms", text: "Your parcel waits, by SMS." }],
    });
    return { messageId: answer.messageUUID, answer };
  },
  hear: (notification, messageId) => {
    if (!isObject(notification)) return undefined;
    if (messageIdOf(String(notification["message_uuid"])) !== messageId) return undefined;
    return said(notification, "channel", "status");
  },
  expected: "sms delivered",
};

const dispatch: VendorStory = {
  vendor: "Vonage Dispatch",
  request: "POST /v0.1/dispatch, Authorization: Basic",
  asks: "WhatsApp, delivered within 60 s; else SMS. WhatsApp delivers after the SMS.",
  send: async ({ accountId, product }) => {
    const credentials = Buffer.from(`${accountId}:${product.apiKey}`).toString("base64");
    const failover = { expiry_time: 60, condition_status: "delivered" };
    const answer = await post(`${product.api}/v0.1/dispatch`, {
      headers: { authorization: `Basic ${credentials}` },
      body: {
        template: "failover",
        workflow: [
          { ...dispatchItem("whatsapp", "Your parcel waits."), failover },
          dispatchItem("sms", "Your parcel waits, by SMS."),
        ],
      },
    });
    return { messageId: messageIdOf(String(answer["dispatch_uuid"])), answer };
  },
  hear: (notification, messageId) => {
    if (!isObject(notification) || !("template" in notification)) return undefined;
    if (messageIdOf(String(notification["dispatch_uuid"])) !== messageId) return undefined;
    const sum = said(objectIn(notification, "usage"), "price", "currency");
    return `final report, ${said(notification, "status", "revision")}: ${sum}`;
  },
  expected: "final report, completed 2: 0.0800 EUR",
};

export const vendorStories: readonly VendorStory[] = [
  eightByEight,
  alibaba,
  kaleyra,
  vonage,
  dispatch,
  infobip,
];

function dispatchItem(type: string, text: string) {
  return {
    from: { type, number: "FALLTHRU" },
    to: { type, number: "6599990600" },
    message: { content: { type: "text", text } },
  };
}

function post(
  url: string,
  { headers, body }: { headers: Readonly<Record<string, string>>; body: object },
): Promise<JsonObject> {
  const all = { ...headers, "content-type": "application/json" };
  return ask(url, { method: "POST", headers: all, body: JSON.stringify(body) });
}

/** These members as far as they are there. */
function said(object: JsonObject, ...names: readonly string[]): string {
  return names.flatMap((name) => (name in object ? [String(object[name])] : [])).join(" ");
}

function objectIn(value: unknown, name: string): JsonObject {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

function listIn(value: unknown, name: string): JsonObject[] {
  const found = isObject(value) ? value[name] : undefined;
  return Array.isArray(found) ? found.filter(isObject) : [];
}
