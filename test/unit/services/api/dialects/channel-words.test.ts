// What a vendor's client is told of a channel that its account does not have: its own name of it.
import { expect, it } from "vitest";
import { having, headers, MESSAGES, text } from "#test/support/8x8/requests.ts";
import { startApiServer } from "#test/support/api-server.ts";

const withoutViber = having("channel", "viber", {
  senders: ["X"],
  smsFallback: true,
  enabled: false,
});
const basic = `Basic ${Buffer.from("demo:demo-key").toString("base64")}`;
const step = {
  from: { type: "viber_service_msg", id: "1" },
  to: { type: "viber_service_msg", number: "6591234567" },
  message: { content: { type: "text", text: "Hello" } },
};

it.each([
  ["8x8", "Viber", MESSAGES, "Bearer demo-key", { ...text, channels: [{ channel: "Viber" }] }],
  [
    "Infobip",
    "VIBER_BM",
    "/messages-api/1/messages",
    "App demo-key",
    {
      messages: [
        {
          channel: "VIBER_BM",
          sender: "X",
          destinations: [{ to: "6591234567" }],
          content: { body: { text: "Hello", type: "TEXT" } },
        },
      ],
    },
  ],
  [
    "Vonage",
    "viber_service",
    "/v1/messages",
    basic,
    { channel: "viber_service", message_type: "text", text: "Hello", to: "6591234567", from: "X" },
  ],
  [
    "Vonage's Dispatch",
    "viber_service_msg",
    "/v0.1/dispatch",
    basic,
    {
      template: "failover",
      workflow: [{ ...step, failover: { expiry_time: 60, condition_status: "delivered" } }, step],
    },
  ],
])("%s: says %s", async (_, name, url, authorization, payload) => {
  const asked = { method: "POST", url, headers: { ...headers, authorization }, payload } as const;
  const { body } = await startApiServer(withoutViber).request(asked);
  expect(body.replaceAll("\\", "")).toContain(`"${name}" is not set up, or not enabled`);
});

it("8x8: offers in place of an unknown channel what the account has", async () => {
  const payload = { ...text, channels: [{ channel: "Pigeon" }] };
  const asked = { method: "POST", url: MESSAGES, headers, payload } as const;
  const answer = await startApiServer(withoutViber).request(asked);
  expect(answer.json().message).toBe(
    "Invalid fallback channel: channels[0].channel must be one of WhatsApp, SMS, RCS.",
  );
});

it.each([
  ["", []],
  ["/batch", []],
  ["/batch", { messages: [5], includeMessagesInResponse: true }],
])("8x8: goes on in small letters after a colon (%s, %j)", async (path, payload) => {
  const asked = { method: "POST", url: `${MESSAGES}${path}`, headers, payload } as const;
  const { body } = await startApiServer().request(asked);
  expect(body).toMatch(/Invalid parameter: the (body|message) must be an object\./);
});
