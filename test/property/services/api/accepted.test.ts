import * as fc from "fast-check";
import { expect, it } from "vitest";
import { withBody } from "#libs/settings/setting.ts";
import { altered } from "#test/support/altered.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { consumed } from "#test/support/record-codecs.ts";

const headers = { authorization: "Bearer demo-key", "content-type": "application/json" };
const soon = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const directSend = { category: "utility", ttlSeconds: 60 };

const eightByEight = [
  {
    user: { msisdn: "+6591234567", country: "SG", channelUserId: "US.123" },
    clientMessageId: "c-1",
    type: "text",
    content: {
      text: "Hello",
      fallbackText: "Hi",
      sms: { encoding: "AUTO", source: "SENDER" },
      whatsApp: { directSend },
    },
    channels: [
      { channel: "WhatsApp", fallbackAfter: 60, successStatus: "Read", channelId: "FALLTHRU" },
      { channel: "SMS" },
    ],
    scheduled: soon(1),
    expiry: soon(2),
    dlrCallbackUrl: "https://example.com/dlr",
  },
  {
    user: { msisdn: "+6591234567" },
    type: "template",
    content: { fallbackText: "Hi", template: { name: "otp", language: "en", components: [] } },
  },
  { user: { channelUserId: "US.1" }, type: "image", content: { url: "https://example.com/a" } },
];
const native = [
  {
    recipient: { msisdn: "+6591234567", country: "SG", channelUserIds: { whatsapp: "w-1" } },
    content: { type: "IMAGE", rich: { whatsApp: { directSend } }, fallbackText: "Hi" },
    steps: [
      {
        channel: "whatsapp",
        sender: "FALLTHRU",
        waitSeconds: 60,
        wanted: "READ",
        onFailure: "STOP",
        ttlSeconds: 60,
        content: { type: "TEMPLATE", template: { name: "otp", language: "en" } },
      },
      { channel: "sms", content: { text: "Hi", sms: { encoding: "GSM", source: "SENDER" } } },
    ],
    scheduledAt: soon(1),
    expiresAt: soon(2),
    callbackUrl: "https://example.com/hook",
    ttlPolicy: "align",
  },
  { recipient: { msisdn: "+6591234567" }, content: { text: "Hi" }, flowId: "whatsapp-then-sms" },
];

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const channel = (name: string, more: object) =>
  withBody(
    { ...stamp, kind: "channel", name },
    { senders: ["FALLTHRU"], smsFallback: true, enabled: true, ...more },
  );
const views = {
  "of the demonstration": demoView(),
  "whose default flow names a channel that is switched off": demoView(
    channel("whatsapp", { enabled: false }),
  ),
  "whose default flow falls back where it may not": demoView(
    channel("whatsapp", { smsFallback: false }),
  ),
  "whose SMS senders are registered": demoView(
    withBody({ ...stamp, kind: "sms-sender", name: "SENDER" }, {}),
  ),
};

const cases = Object.entries(views).flatMap(([name, view]) => [
  { name, view, url: "/api/v1/subaccounts/demo/messages", bodies: altered(...eightByEight) },
  { name, view, url: "/ft/v1/messages", bodies: altered(...native) },
]);

it.each(cases)(
  "$url accepts for an account $name only what a consumer can carry out",
  async ({ view, url, bodies }) => {
    const { request, accepted } = startApiServer({ settings: view });
    await fc.assert(
      fc.asyncProperty(bodies, async (body) => {
        const payload = JSON.stringify(body);
        const answer = await request({ method: "POST", url, headers, payload });
        expect(answer.statusCode).toBeLessThan(500);
        for (const { request: sent } of accepted.splice(0)) {
          const { entry, dueAt } = consumed(sent, view, Date.now());
          expect(entry.state).toMatchObject({ outcome: null });
          expect(dueAt).toBeGreaterThan(Date.now());
        }
      }),
      { numRuns: 300 },
    );
  },
);
