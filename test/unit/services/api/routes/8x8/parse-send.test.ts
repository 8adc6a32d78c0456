import { readFileSync } from "node:fs";
import { assert, describe, expect, it } from "vitest";
import type { SendRequestInit } from "#libs/contracts/generated/types.ts";
import { type ErrorCode, errorCodes } from "#services/api/routes/8x8/error-codes.ts";
import { parseSend } from "#services/api/routes/8x8/parse-send.ts";
import { demoView } from "#test/support/demo-settings.ts";

const NOW = Date.UTC(2026, 10, 21, 12);
const account = demoView().findAccount("demo");
assert(account);
const context = { account, messageId: "m-1", now: NOW };

function accepted(body: unknown): SendRequestInit {
  const parsed = parseSend(body, context);
  if ("refusal" in parsed) throw parsed.refusal;
  return parsed.request;
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

const encodingOf = (encoding: string) =>
  accepted(withContent("text", { text: "x", sms: { encoding } })).content.sms?.encoding;

const sms = { channel: "sms", waitSeconds: null, wanted: "DELIVERED" };
const blank = {
  messageId: "m-1",
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

  it("counts characters, not bytes or UTF-16 units", () => {
    const long = { ...text, content: { text: "😀".repeat(35_000) } };
    const { content } = accepted({ ...long, channels: [{ channel: "WhatsApp" }] });
    expect(content.text).toHaveLength(70_000);
  });
});

const refusals: readonly (readonly [ErrorCode, string, unknown])[] = [
  [1000, "a body that is no object", []],
  [1000, "sms that is no object", withContent("text", { text: "x", sms: "AUTO" })],
  [1003, "an unknown encoding", withContent("text", { text: "x", sms: { encoding: "LATIN1" } })],
  [
    1003,
    "a fallbackText that the demanded GSM lacks characters of",
    withContent("text", { text: "x", fallbackText: "Привет", sms: { encoding: "GSM" } }),
  ],
  [1004, "a text that is no string", withContent("text", { text: 5 })],
  [1005, "a source that is no string", withContent("text", { text: "x", sms: { source: 5 } })],
  [1006, "an expiry that is no date", { ...text, expiry: "tomorrow" }],
  [1006, "an expiry that has passed", { ...text, expiry: "2026-11-21T11:59:59Z" }],
  [1008, "a clientMessageId that is no string", { ...text, clientMessageId: {} }],
  [
    1010,
    "eleven channels",
    withChannels(...Array.from({ length: 11 }, () => ({ channel: "SMS" }))),
  ],
  [1011, "a schedule that is no date", { ...text, scheduled: "2026-13-45T00:00:00Z" }],
  [1011, "a schedule a year ahead", { ...text, scheduled: "2099-01-01T00:00:00Z" }],
  [1011, "a schedule that is a number", { ...text, scheduled: NOW }],
  [3001, "no user", { ...text, user: undefined }],
  [3001, "a user that is no object", withUser("+6591234567")],
  [3002, "no number and no id", withUser({})],
  [3003, "an empty number", withUser({ msisdn: "" })],
  [3003, "letters", withUser({ msisdn: "+65abc4567" })],
  [3003, "too few digits", withUser({ msisdn: "+65123" })],
  [3003, "too many digits", withUser({ msisdn: "+6591234567890123" })],
  [3003, "a local number without its country", withUser({ msisdn: "07911123456" })],
  [3003, "an impossible local number", withUser({ msisdn: "12", country: "SG" })],
  [3003, "a JSON number", withUser({ msisdn: 6591234567 })],
  [3004, "no content", { ...text, content: undefined }],
  [3004, "an interactive message without interactive", withContent("interactive", {})],
  [3005, "no text", withContent("text", {})],
  [3005, "an empty text", withContent("text", { text: "" })],
  [3006, "a text above 35,000", withContent("text", { text: "x".repeat(35_001) })],
  [3007, "an image without a URL", withContent("image", { text: "look" })],
  [3009, "a clientMessageId above 50", { ...text, clientMessageId: "c".repeat(51) }],
  [3010, "no type", { ...text, type: undefined }],
  [3010, "an unknown type", withContent("telepathy", { text: "x" })],
  [3011, "a source above 16", withContent("text", { text: "x", sms: { source: "x".repeat(17) } })],
  [
    3017,
    "a fallbackText above 35,000",
    withContent("text", { text: "x", fallbackText: "x".repeat(35_001) }),
  ],
  [
    3017,
    "a fallbackText of two GSM segments",
    withContent("text", { text: "x", fallbackText: "x".repeat(161) }),
  ],
  [3018, "an unknown country", withUser({ msisdn: "91234567", country: "XX" })],
  [3020, "a callback that is no URL", { ...text, dlrCallbackUrl: "not a url" }],
  [3020, "a callback that is not HTTP", { ...text, dlrCallbackUrl: "ftp://example.com" }],
  [3021, "a location without a place", withContent("location", {})],
  [3022, "an unknown channel", withChannels({ channel: "Pigeon" })],
  [3022, "a channel in the wrong case", withChannels({ channel: "sms" })],
  [3022, "no channel name", withChannels({})],
  [3022, "a channel that is no object", withChannels("SMS")],
  [3022, "channels that are no array", { ...text, channels: { channel: "SMS" } }],
  [3022, "a member of every object", withChannels({ channel: "constructor" })],
  [3023, "a wait below 10", withChannels({ channel: "Viber", fallbackAfter: 9 })],
  [3023, "a wait above 86400", withChannels({ channel: "Viber", fallbackAfter: 86_401 })],
  [3023, "a wait with a fraction", withChannels({ channel: "Viber", fallbackAfter: 60.5 })],
  [3023, "a wait in a string", withChannels({ channel: "Viber", fallbackAfter: "60" })],
  [3024, "an unknown status", withChannels({ channel: "Viber", successStatus: "Seen" })],
  [3024, "a status in the wrong case", withChannels({ channel: "Viber", successStatus: "read" })],
  [
    3025,
    "Delivered on a channel that never reports it",
    withChannels({ channel: "Line", successStatus: "Delivered" }, { channel: "SMS" }),
  ],
  [
    3026,
    "Read on a last SMS",
    withChannels({ channel: "WhatsApp" }, { channel: "SMS", successStatus: "Read" }),
  ],
  [3027, "a channel that the account lacks", withChannels({ channel: "Line" })],
  [
    3051,
    "a channel id that the account lacks",
    withChannels({ channel: "WhatsApp", channelId: "another's" }),
  ],
  [3030, "a template message without a template", withContent("template", { fallbackText: "x" })],
];

describe("refusals", () => {
  it.each(refusals)("answers %d to %s", (code, _, body) => {
    expect(refused(body)).toMatchObject({ code, status: 400 });
  });

  it("has a body for every code that a body can cause", () => {
    const shown = new Set<number>(refusals.map(([code]) => code));
    const causedElsewhere = ["1001", "1200", "1201", "1300", "2000", "2001"];
    const missing = Object.keys(errorCodes).filter((code) => !shown.has(Number(code)));
    expect(missing).toEqual(causedElsewhere);
  });

  it("says which member is wrong and what is allowed", () => {
    expect(refused(withChannels({ channel: "SMS", fallbackAfter: 5 })).message).toBe(
      "Invalid fallback delay range: channels[0].fallbackAfter must be a whole number of seconds from 10 to 86400.",
    );
  });
});
