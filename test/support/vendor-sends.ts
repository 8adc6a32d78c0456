// A message of every dialect, as its clients post it.
import type { InjectOptions } from "fastify";
import { withBody } from "#libs/settings/setting.ts";
import { signedCall } from "#test/support/alibaba-signer.ts";
import { kaleyraTemplates, publishedFlow } from "#test/support/kaleyra-flows.ts";

/** Of a setting of account `demo`. */
export const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "*/first" };
export const bearer = { authorization: "Bearer demo-key" };
const basic = { authorization: `Basic ${Buffer.from("demo:demo-key").toString("base64")}` };
export const post = (
  url: string,
  headers: Record<string, string>,
  payload: object,
): InjectOptions => {
  return { method: "POST", url, headers, payload };
};

/** A message of each dialect to one number, by SMS or by more; Kaleyra's says `text` in its template. */
export const sendsTo = (to: string, text = "Hello") => ({
  native: post("/ft/v1/messages", bearer, {
    recipient: { msisdn: `+${to}` },
    content: { text },
    steps: [{ channel: "sms" }],
  }),
  "8x8": post("/api/v1/subaccounts/demo/messages", bearer, {
    user: { msisdn: to },
    type: "text",
    content: { text },
    channels: [{ channel: "SMS" }],
  }),
  infobip: post(
    "/messages-api/1/messages",
    { authorization: "App demo-key" },
    {
      messages: [
        {
          channel: "SMS",
          sender: "FALLTHRU",
          destinations: [{ to }],
          content: { body: { text, type: "TEXT" } },
        },
      ],
    },
  ),
  vonage: post("/v1/messages", basic, {
    message_type: "text",
    channel: "sms",
    from: "FALLTHRU",
    to,
    text,
  }),
  "vonage-dispatch": post("/v0.1/dispatch", basic, {
    template: "failover",
    workflow: [
      {
        from: { type: "viber_service_msg", id: "FALLTHRU" },
        to: { type: "viber_service_msg", number: to },
        message: { content: { type: "text", text } },
        failover: { expiry_time: 600, condition_status: "delivered" },
      },
      {
        from: { type: "sms", number: "FALLTHRU" },
        to: { type: "sms", number: to },
        message: { content: { type: "text", text } },
      },
    ],
  }),
  kaleyra: post(
    "/v1/demo/workflow/v1/instances/orders/invoke",
    { "api-key": "demo-key" },
    {
      input: {
        send1: { recipient: to, templateParams: { "1": "Ann", "2": "17" } },
        send2: { recipient: to, templateParams: { order: "17", name: text } },
      },
    },
  ),
  alibaba: signedCall({
    form: {
      ChannelType: "whatsapp",
      Type: "message",
      MessageType: "text",
      From: "FALLTHRU",
      To: to,
    },
    query: { Content: JSON.stringify({ text }) },
  }),
});
/** What Kaleyra's paths need: a published flow. */
export const ofKaleyra = [
  ...kaleyraTemplates,
  withBody({ ...stamp, kind: "flow", name: "orders" }, publishedFlow()),
];
