import { readFileSync } from "node:fs";
import { assert, describe, expect, it } from "vitest";
import type { ErrorCode } from "#libs/dialects/8x8/error-codes.ts";
import { type NewMessage, parseSend } from "#libs/dialects/8x8/send/parse-send.ts";
import { demoView } from "#test/support/demo-settings.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const account = demoView().findAccount("demo");
assert(account);
const context = { account, now: NOW };

function accepted(body: unknown): NewMessage {
  const parsed = parseSend(body, context);
  if ("refusal" in parsed) throw parsed.refusal;
  return parsed.message;
}

function refused(body: unknown): { code: ErrorCode; message: string } {
  const parsed = parseSend(body, context);
  assert("refusal" in parsed, "the request was accepted");
  return parsed.refusal;
}

const fixture = (name: string) =>
  JSON.parse(
    readFileSync(new URL(`../../../../../fixtures/8x8/${name}.json`, import.meta.url), "utf8"),
  );

const text = {
  user: { msisdn: "+6591234567" },
  type: "text",
  content: { text: "Hello World!" },
};
const withChannels = (...channels: unknown[]) => ({ ...text, channels });
const withContent = (type: string, content: unknown) => ({ ...text, type, content });
const withUser = (user: unknown) => ({ ...text, user });

const coupon = (type: string) => ({ type, couponCode: "SAVE10" });
const withTemplate = (template: unknown) =>
  accepted(withContent("template", { template, fallbackText: "x" })).content;

const encodingOf = (encoding: string) =>
  accepted(withContent("text", { text: "x", sms: { encoding } })).content.sms?.encoding;

const sms = { channel: "sms", waitSeconds: null, wanted: "DELIVERED" };
const blank = {
  accountId: "demo",
  scheduledAt: null,
  expiresAt: null,
  callbackUrl: null,
  clientMessageId: null,
  dialect: "8x8",
  requestedAt: NOW,
};

describe("the examples of 8x8's guides", () => {
  const helloWorld = {
    ...blank,
    recipient: { msisdn: "+65000000", country: null, channelUserIds: {} },
    content: {
      type: "TEXT",
      text: "Hello World!",
      richJson: null,
      fallbackText: null,
      sms: { encoding: "AUTO", source: "SENDERID" },
    },
  };

  it("accepts three channels with their waits and wanted statuses", () => {
    expect(accepted(fixture("three-channels"))).toEqual({
      ...helloWorld,
      steps: [
        { channel: "whatsapp", waitSeconds: 60, wanted: "READ" },
        { channel: "viber", waitSeconds: 60, wanted: "DELIVERED" },
        sms,
      ],
    });
  });

  it("accepts two channels", () => {
    const whatsapp = { channel: "whatsapp", waitSeconds: 60, wanted: "DELIVERED" };
    expect(accepted(fixture("two-channels"))).toEqual({ ...helloWorld, steps: [whatsapp, sms] });
  });

  it("accepts a single channel, which needs neither wait nor status", () => {
    const whatsapp = { channel: "whatsapp", waitSeconds: null, wanted: "DELIVERED" };
    expect(accepted(fixture("single-channel"))).toEqual({ ...helloWorld, steps: [whatsapp] });
  });

  it.each([
    ["template-with-fallback-text", "TEMPLATE", "template", []],
    ["interactive-button", "INTERACTIVE", "interactive", []],
    ["interactive-list", "INTERACTIVE", "interactive", []],
    ["template-without-channels", "TEMPLATE", "template", []],
    [
      "template-ttl-aligned",
      "TEMPLATE",
      "template",
      [{ channel: "whatsapp", waitSeconds: 900, wanted: "DELIVERED" }, sms],
    ],
  ])("accepts %s and hands its rich content on as it is", (name, type, member, steps) => {
    const body = fixture(name);
    const { fallbackText, sms: smsOptions } = body.content;
    expect(accepted(body)).toEqual({
      ...blank,
      recipient: { msisdn: "+6511111111", country: null, channelUserIds: {} },
      content: {
        type,
        text: null,
        richJson: JSON.stringify({ [member]: body.content[member] }),
        fallbackText,
        sms: smsOptions,
      },
      steps,
    });
  });
});

describe("what is read from a request", () => {
  it("waits 300 s for delivered where a channel before the last says nothing", () => {
    const { steps } = accepted(withChannels({ channel: "WhatsApp" }, { channel: "SMS" }));
    expect(steps?.[0]).toEqual({ channel: "whatsapp", waitSeconds: 300, wanted: "DELIVERED" });
  });

  it("sets no timer for Accepted: only a rejection goes on", () => {
    const first = { channel: "Viber", fallbackAfter: 60, successStatus: "Accepted" };
    const { steps } = accepted(withChannels(first, { channel: "SMS" }));
    expect(steps?.[0]).toEqual({ channel: "viber", waitSeconds: null, wanted: "ACCEPTED" });
  });

  it("keeps the last channel's wanted status and drops its wait", () => {
    const last = { channel: "RCS", fallbackAfter: 60, successStatus: "Read" };
    expect(accepted(withChannels(last)).steps).toEqual([
      { channel: "rcs", waitSeconds: null, wanted: "READ" },
    ]);
  });

  it.each([10, 86_400])("takes a wait of %d s", (fallbackAfter) => {
    const { steps } = accepted(
      withChannels({ channel: "Viber", fallbackAfter }, { channel: "SMS" }),
    );
    expect(steps?.[0]?.waitSeconds).toBe(fallbackAfter);
  });

  it("tolerates unknown members and takes null as absent", () => {
    const odd = { ...text, ttlMinutes: 5, clientMessageId: null, channels: null, scheduled: null };
    expect(accepted(odd)).toEqual(accepted(text));
  });

  it("reads both spellings of the SMS alphabets", () => {
    expect(["AUTO", "GSM", "GSM7", "UNICODE", "UCS2"].map(encodingOf)).toEqual([
      "AUTO",
      "GSM",
      "GSM",
      "UNICODE",
      "UNICODE",
    ]);
  });

  it("reads the type in any case, as 8x8's own examples write it", () => {
    const image = { text: "Welcome", url: "https://example.com/a.jpg" };
    expect(accepted(withContent("Image", image)).content).toMatchObject({
      type: "IMAGE",
      text: "Welcome",
      richJson: '{"url":"https://example.com/a.jpg"}',
    });
  });

  it.each([
    [{ msisdn: "6591234567" }, "+6591234567"],
    [{ msisdn: "+65 9123-4567" }, "+6591234567"],
    [{ msisdn: "+65000000" }, "+65000000"],
    [{ msisdn: "91234567", country: "sg" }, "+6591234567"],
    [{ msisdn: "07911 123456", country: "uk" }, "+447911123456"],
    [{ msisdn: "+6591234567", country: "GB" }, "+6591234567"],
  ])("reads %j as %s", (user, msisdn) => {
    expect(accepted(withUser(user)).recipient.msisdn).toBe(msisdn);
  });

  it("takes a person's id on a channel instead of a number", () => {
    const { recipient } = accepted(withUser({ channelUserId: "US.13491208655302741918" }));
    expect(recipient).toEqual({
      msisdn: null,
      country: null,
      channelUserIds: { whatsapp: "US.13491208655302741918" },
    });
  });

  it("reads instants with micro-seconds, with an offset and without a zone", () => {
    const body = {
      ...text,
      scheduled: "2026-11-21T13:08:47.893176+00:00",
      expiry: "2026-11-22T00:00:00",
    };
    expect(accepted(body)).toMatchObject({
      scheduledAt: Date.UTC(2026, 10, 21, 13, 8, 47, 893),
      expiresAt: Date.UTC(2026, 10, 22),
    });
  });

  it("keeps clientMessageId and dlrCallbackUrl", () => {
    const own = { clientMessageId: "c".repeat(50), dlrCallbackUrl: "https://example.com/dlr?x=1" };
    expect(accepted({ ...text, ...own })).toMatchObject({
      clientMessageId: own.clientMessageId,
      callbackUrl: own.dlrCallbackUrl,
    });
  });

  it("takes a person who is reached by one channel of the default flow", () => {
    const { steps } = accepted(withUser({ channelUserId: "US.1" }));
    expect(steps).toMatchObject([{ channel: "whatsapp" }]);
  });

  it("takes 8x8's other name of RCS", () => {
    expect(accepted(withChannels({ channel: "GoogleRCS" })).steps?.[0]?.channel).toBe("rcs");
  });

  it("takes no channels at all as the default flow", () => {
    const bySms = { ...text, content: { text: "Hi", fallbackText: "Hi", sms: {} } };
    expect(accepted({ ...bySms, channels: [] }).steps).toEqual([]);
  });

  it("counts characters, not bytes or UTF-16 units", () => {
    const long = { ...text, content: { text: "😀".repeat(35_000) } };
    const { content } = accepted({ ...long, channels: [{ channel: "WhatsApp" }] });
    expect(content.text).toHaveLength(70_000);
  });
});

it.each([
  [
    "a place in texts",
    withContent("location", { location: { latitude: "1.3", longitude: "103.8" } }),
  ],
  [
    "buttons of Viber's own form",
    withContent("buttons", {
      text: "x",
      button: { title: "Open", url: "https://example.com" },
    }),
  ],
  [
    "a button's action without data",
    withContent("template", {
      template: {
        name: "otp",
        language: "en",
        components: [
          { type: "button", subType: "flow", index: 0, parameters: [{ type: "action" }] },
        ],
      },
    }),
  ],
])("takes 8x8's own sample: %s", (_, body) => {
  expect(accepted({ ...body, channels: [{ channel: "WhatsApp" }] }).recipient.msisdn).toBeTruthy();
});

describe("refusals", () => {
  it("tell of the person before the content", () => {
    expect(refused({}).code).toBe(3001);
    expect(refused({ user: {} }).code).toBe(3002);
  });

  it("say which member is wrong and what is allowed", () => {
    expect(refused(withChannels({ channel: "SMS", fallbackAfter: 5 })).message).toBe(
      "Invalid fallback delay range: channels[0].fallbackAfter must be a whole number of seconds from 10 to 86400.",
    );
  });

  it("find no fault with components that have no variables", () => {
    const template = { name: "hello", language: "zh_Hans_HK", components: [{ type: "Footer" }] };
    expect(withTemplate(template).type).toBe("TEMPLATE");
    expect(withTemplate({ ...template, components: [] }).type).toBe("TEMPLATE");
  });

  it("read the types of 8x8's OpenAPI and those of its guides", () => {
    const location = { latitude: 1.3, longitude: 103.8 };
    const components = [
      { type: "Header", parameters: [{ type: "location", location }] },
      {
        type: "body",
        parameters: [
          { type: "Text", text: "x" },
          { type: "date_time", text: "y" },
        ],
      },
      { type: "button", subType: "CopyCode", index: "0", parameters: [coupon("couponCode")] },
      { type: "Button", subType: 1, index: 1, parameters: [{ type: "text", text: "123456" }] },
      { type: "limited_time_offer", parameters: [{ type: "limited_time_offer" }] },
    ];
    expect(withTemplate({ name: "offer", language: "en", components }).type).toBe("TEMPLATE");
  });
});
