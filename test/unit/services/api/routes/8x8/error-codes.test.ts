// Every code that the 8x8 dialect can answer with, and the requests that bring it about, as they
// come over HTTP. A code without a request fails, and so does one that nobody answers with.
import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { type BodyOf, type Kind, withBody } from "#libs/settings/setting.ts";
import type { ApiDeps } from "#services/api/api-deps.ts";
import { type ErrorCode, errorCodes } from "#services/api/routes/8x8/error-codes.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";

type Case = readonly [about: string, request: InjectOptions, deps?: Partial<ApiDeps>];

const MESSAGES = "/api/v1/subaccounts/demo/messages";
const headers = { authorization: "Bearer demo-key", "content-type": "application/json" };
const text = { user: { msisdn: "+6591234567" }, type: "text", content: { text: "Hello World!" } };

/** A body that must be refused. */
const send = (payload: object, url = MESSAGES): InjectOptions => ({
  method: "POST",
  url,
  headers,
  payload,
});
const withBodyOf = (more: object) => send({ ...text, ...more });
const withChannels = (...channels: unknown[]) => withBodyOf({ channels });
const withContent = (type: string, content: unknown) => withBodyOf({ type, content });
const withSms = (sms: unknown) => withContent("text", { text: "x", sms });
const withUser = (user: unknown) => withBodyOf({ user });
const batch = (body: object) => send(body, `${MESSAGES}/batch`);

/** A template message of which only the template is wrong. */
const withTemplate = (more: object) =>
  withContent("template", {
    template: { name: "order_update", language: "en_US", ...more },
    fallbackText: "x",
  });
const withComponents = (...components: unknown[]) => withTemplate({ components });
const withParameter = (parameter: unknown, type = "body") =>
  withComponents({ type, parameters: [parameter] });
const withMedia = (url: unknown) => withContent("image", { text: "look", url });
const body = { type: "body", parameters: [{ type: "text", text: "x" }] };
const button = { type: "button", subType: "url", index: "0" };

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const having = <K extends Kind>(kind: K, name: string, value: BodyOf<K>) => ({
  settings: demoView(withBody({ ...stamp, kind, name }, value)),
});
const account = {
  name: "Demonstration",
  guid: "a".repeat(32),
  defaultWaitSeconds: 300,
  smsSegmentsMax: 1,
};
const withoutFlow = having("account", "demo", account);
const template = { channel: "whatsapp", name: "other", language: "en_US" } as const;
const otherTemplate = having("template", "other.en_US", { ...template, category: "utility" });
const switchedOff = { senders: ["X"], smsFallback: true, enabled: false };
const noWhatsApp = having("channel", "whatsapp", switchedOff);
const noSmsAfterViber = having("channel", "viber", {
  ...switchedOff,
  enabled: true,
  smsFallback: false,
});
const oneSender = having("sms-sender", "ACME", {});

const cases: Readonly<Record<ErrorCode, readonly Case[]>> = {
  1000: [
    ["a body that is no object", send([])],
    ["malformed JSON", { ...send({}), payload: '{"user":' }],
    ["sms that is no object", withSms("AUTO")],
    ["a batch that is no object", batch([])],
    ["a template of a batch that is no object", batch({ template: "x", messages: [text] })],
  ],
  1001: [["an impossible sub-account", send(text, MESSAGES.replace("demo", "a%20b"))]],
  1003: [
    ["an unknown encoding", withSms({ encoding: "LATIN1" })],
    [
      "a fallbackText that the demanded GSM lacks characters of",
      withContent("text", { text: "x", fallbackText: "Привет", sms: { encoding: "GSM" } }),
    ],
  ],
  1004: [
    ["a text that is no string", withContent("text", { text: 5 })],
    ["a fallbackText that is no string", withContent("text", { text: "x", fallbackText: {} })],
  ],
  1005: [["a source that is no string", withSms({ source: 5 })]],
  1006: [
    ["an expiry that is no date", withBodyOf({ expiry: "tomorrow" })],
    ["an expiry that has passed", withBodyOf({ expiry: "2026-01-01T00:00:00Z" })],
    [
      "an expiry before the schedule",
      withBodyOf({ scheduled: inMinutes(10), expiry: inMinutes(5) }),
    ],
  ],
  1008: [
    ["a clientMessageId that is no string", withBodyOf({ clientMessageId: {} })],
    ["a clientBatchId that is no string", batch({ clientBatchId: 5, messages: [text] })],
  ],
  1010: [
    ["eleven channels", withChannels(...Array.from({ length: 11 }, () => ({ channel: "SMS" })))],
    [
      "a message of a batch that is too large for Kafka",
      batchOfOne({ type: "interactive", content: { interactive: { a: "x".repeat(262_144) } } }),
    ],
  ],
  1011: [
    ["a schedule that is no date", withBodyOf({ scheduled: "2026-13-45T00:00:00Z" })],
    ["a schedule that is too far ahead", withBodyOf({ scheduled: "2099-01-01T00:00:00Z" })],
    ["a schedule that is a number", withBodyOf({ scheduled: 1_795_000_000_000 })],
  ],
  1100: [
    [
      "a batch whose template makes it too large",
      batch({
        template: { ...text, content: { text: "x".repeat(33_000) } },
        messages: Array.from({ length: 1_024 }, () => ({})),
      }),
    ],
  ],
  1200: [
    ["no key", { ...send(text), headers: {} }],
    ["a wrong key", { ...send(text), headers: { authorization: "Bearer nope" } }],
  ],
  1201: [["another's sub-account", send(text, MESSAGES.replace("demo", "acme"))]],
  1300: [
    ["an unknown umid", { url: `${MESSAGES}/no-such`, headers }],
    ["a cancel of an unknown umid", { method: "DELETE", url: `${MESSAGES}/no-such`, headers }],
    ["a cancel of no batch", { method: "DELETE", url: `${MESSAGES}/batch/no-such`, headers }],
    ["an unknown path", { url: "/api/v1/nothing", headers }],
  ],
  2000: [
    ["a fault of ours", send(text), { accept: () => Promise.reject(new Error("a bug")) }],
    ["Kafka away", send(text), { accept: () => Promise.reject(new RetriableError("away")) }],
  ],
  2001: [
    ["an export", { ...send({}), url: `${MESSAGES}/exports` }],
    ["an export's job", { url: `${MESSAGES}/exports/1`, headers }],
  ],
  3001: [
    ["no user", withUser(undefined)],
    ["a user that is no object", withUser("+6591234567")],
  ],
  3002: [
    ["no number and no id", withUser({})],
    [
      "a channel that needs a number",
      withBodyOf({
        user: { channelUserId: "US.1" },
        channels: [{ channel: "WhatsApp" }, { channel: "SMS" }],
      }),
    ],
  ],
  3003: [
    ["an empty number", withUser({ msisdn: "" })],
    ["letters", withUser({ msisdn: "+65abc4567" })],
    ["too few digits", withUser({ msisdn: "+65123" })],
    ["too many digits", withUser({ msisdn: "+6591234567890123" })],
    ["a local number without its country", withUser({ msisdn: "07911123456" })],
    ["an impossible local number", withUser({ msisdn: "12", country: "SG" })],
    ["a JSON number", withUser({ msisdn: 6591234567 })],
  ],
  3004: [
    ["no content", withContent("text", undefined)],
    ["content that is no object", withContent("text", "Hello")],
    ["an interactive message without interactive", withContent("interactive", {})],
    ["an empty carousel", withContent("carousel", { carousel: {} })],
    ["a rich card that is no object", withContent("richCard", { richCard: "x" })],
  ],
  3005: [
    ["no text", withContent("text", {})],
    ["an empty text", withContent("text", { text: "" })],
    ["a card without a text for SMS", withContent("interactive", { interactive: { type: "x" } })],
    [
      "an image without a text for SMS",
      withBodyOf({
        type: "image",
        content: { url: "https://example.com/a.jpg" },
        channels: [{ channel: "Viber" }, { channel: "SMS" }],
      }),
    ],
  ],
  3006: [["a text above 35,000", withContent("text", { text: "x".repeat(35_001) })]],
  3007: ["image", "video", "audio", "file"].map(
    (type): Case => [`${type} without a URL`, withContent(type, { text: "look", [type]: {} })],
  ),
  3008: [
    ["an image whose URL is none", withMedia("a.jpg")],
    ["a video whose URL is not HTTP", withContent("video", { text: "x", url: "ftp://a.b/c" })],
    ["an audio whose URL is a number", withContent("audio", { text: "x", url: 5 })],
    ["a file whose URL is none", withContent("file", { text: "x", file: { url: "c:\\x" } })],
  ],
  3009: [["a clientMessageId above 50", withBodyOf({ clientMessageId: "c".repeat(51) })]],
  3010: [
    ["no type", withBodyOf({ type: undefined })],
    ["an unknown type", withContent("telepathy", { text: "x" })],
  ],
  3011: [["a source above 16", withSms({ source: "x".repeat(17) })]],
  3012: [
    ["no messages", batch({ template: text })],
    ["an empty list", batch({ messages: [] })],
    ["messages that are no list", batch({ messages: text })],
  ],
  3013: [["10,001 messages", batch({ messages: Array.from({ length: 10_001 }, () => ({})) })]],
  3014: [
    ["a clientBatchId above 100", batch({ clientBatchId: "b".repeat(101), messages: [text] })],
  ],
  3017: [
    [
      "a fallbackText above 35,000",
      withContent("text", { text: "x", fallbackText: "x".repeat(35_001) }),
    ],
    ["two GSM segments", withContent("text", { text: "x", fallbackText: "x".repeat(161) })],
    ["two Unicode segments", withContent("text", { text: "x", fallbackText: "я".repeat(71) })],
    ["a text that a step sends by SMS", withContent("text", { text: "x".repeat(161) })],
  ],
  3018: [["an unknown country", withUser({ msisdn: "91234567", country: "XX" })]],
  3020: [
    ["a callback that is no URL", withBodyOf({ dlrCallbackUrl: "not a url" })],
    ["a callback that is not HTTP", withBodyOf({ dlrCallbackUrl: "ftp://example.com" })],
    ["a callback of 3,000 characters", withBodyOf({ dlrCallbackUrl: longUrl(3_000) })],
  ],
  3021: [
    ["a location without a place", withContent("location", {})],
    ["an empty location", withContent("location", { location: {} })],
    [
      "a location off the Earth",
      withContent("location", { location: { latitude: 91, longitude: 0 } }),
    ],
    ["a location in words", withContent("location", { location: { latitude: "1", longitude: 0 } })],
  ],
  3022: [
    ["an unknown channel", withChannels({ channel: "Pigeon" })],
    ["a channel in the wrong case", withChannels({ channel: "sms" })],
    ["no channel name", withChannels({})],
    ["a channel that is no object", withChannels("SMS")],
    ["channels that are no array", withBodyOf({ channels: { channel: "SMS" } })],
    ["a member of every object", withChannels({ channel: "constructor" })],
    ["no channels where there is no default flow", send(text), withoutFlow],
    ["empty channels where there is no default flow", withChannels(), withoutFlow],
  ],
  3023: [
    ["a wait below 10", withChannels({ channel: "Viber", fallbackAfter: 9 })],
    ["a wait above 86400", withChannels({ channel: "Viber", fallbackAfter: 86_401 })],
    ["a wait with a fraction", withChannels({ channel: "Viber", fallbackAfter: 60.5 })],
    ["a wait in a string", withChannels({ channel: "Viber", fallbackAfter: "60" })],
  ],
  3024: [
    ["an unknown status", withChannels({ channel: "Viber", successStatus: "Seen" })],
    ["a status in the wrong case", withChannels({ channel: "Viber", successStatus: "read" })],
  ],
  3025: [
    [
      "Delivered on a channel that never reports it",
      withChannels({ channel: "Line", successStatus: "Delivered" }, { channel: "SMS" }),
    ],
  ],
  3026: [
    [
      "Read on a last SMS",
      withChannels({ channel: "WhatsApp" }, { channel: "SMS", successStatus: "Read" }),
    ],
    ["Read on a first SMS", withChannels({ channel: "SMS", successStatus: "Read" })],
  ],
  3027: [
    ["a channel that nobody has", withChannels({ channel: "Line" })],
    ["a channel that is switched off", withChannels({ channel: "WhatsApp" }), noWhatsApp],
    [
      "an SMS after a channel that allows none",
      withChannels({ channel: "Viber" }, { channel: "SMS" }),
      noSmsAfterViber,
    ],
    ["a source that is not the account's", withSms({ source: "EVIL" }), oneSender],
  ],
  3029: [
    ["a read of nothing", { url: `${MESSAGES}/`, headers }],
    ["a cancel of nothing", { method: "DELETE", url: MESSAGES, headers }],
  ],
  3030: [
    ["no template", withContent("template", { fallbackText: "x" })],
    ["an empty one", withContent("template", { template: {}, fallbackText: "x" })],
    ["one that is no object", withContent("template", { template: "x", fallbackText: "x" })],
  ],
  3031: [
    ["no name", withTemplate({ name: undefined })],
    ["an empty name", withTemplate({ name: "" })],
    ["a name above 512", withTemplate({ name: "n".repeat(513) })],
  ],
  3032: [
    ["a name with other characters", withTemplate({ name: "Order Update" })],
    ["a name that is no string", withTemplate({ name: 5 })],
  ],
  3033: [
    [
      "101 parameters",
      withComponents({
        type: "body",
        parameters: Array.from({ length: 101 }, () => ({ type: "text", text: "x" })),
      }),
    ],
  ],
  3034: [
    ["components that are no list", withTemplate({ components: {} })],
    ["two bodies", withComponents(body, body)],
    ["eleven buttons", withComponents(...Array.from({ length: 11 }, () => button))],
  ],
  3035: [["a template without WhatsApp", withTemplate({}), noWhatsApp]],
  3036: [
    ["no language", withTemplate({ language: undefined })],
    ["an empty language", withTemplate({ language: "" })],
  ],
  3037: [
    ["no such language", withTemplate({ language: "English, please" })],
    ["a language that is no string", withTemplate({ language: { code: "en" } })],
  ],
  3038: [["a template that the account lacks", withTemplate({}), otherTemplate]],
  3039: [
    ["an unknown component", withComponents({ type: "sidebar" })],
    ["a component without a type", withComponents({})],
    ["a component that is no object", withComponents("body")],
  ],
  3040: [["no parameters in a list", withComponents({ type: "body", parameters: [] })]],
  3041: [
    ["parameters that are no list", withComponents({ type: "body", parameters: "x" })],
    ["a parameter that is no object", withParameter("x")],
    ["a text parameter without a text", withParameter({ type: "text" })],
    ["a text parameter with a number", withParameter({ type: "text", text: 5 })],
  ],
  3042: [
    ["a parameter without a type", withParameter({ text: "x" })],
    ["a parameter of an unknown type", withParameter({ type: "smell" })],
  ],
  3043: [["a parameter above 32,768", withParameter({ type: "text", text: "x".repeat(32_769) })]],
  3044: [
    ["a location parameter without one", withParameter({ type: "location" }, "header")],
    ["an empty location", withParameter({ type: "location", location: {} }, "header")],
  ],
  3045: [
    ["an image in the body", withParameter({ type: "image", url: "https://example.com/a" })],
    ["a payload in the body", withParameter({ type: "payload", payload: "x" })],
    ["a text in the footer", withParameter({ type: "text", text: "x" }, "footer")],
  ],
  3046: [
    ["an image without a URL", withParameter({ type: "image" }, "header")],
    ["a video whose URL is none", withParameter({ type: "video", url: "x" }, "header")],
    [
      "a document whose URL is not HTTP",
      withParameter({ type: "document", url: "file:///x" }, "header"),
    ],
  ],
  3047: [
    ["WhatsApp for somebody known on Line", withUser({ lineUserId: "U1" })],
    [
      "WhatsApp by name for somebody known on Line",
      withBodyOf({ user: { lineUserId: "U1" }, channels: [{ channel: "WhatsApp" }] }),
    ],
  ],
  3049: [
    ["an impossible index", withComponents({ ...button, index: 10 })],
    [
      "a button's text that is missing",
      withComponents({ ...button, parameters: [{ type: "text" }] }),
    ],
    ["an empty payload", withParameter({ type: "payload", payload: "" }, "button")],
  ],
  3051: [
    [
      "a channel id that the account lacks",
      withChannels({ channel: "WhatsApp", channelId: "another's" }),
    ],
    ["a channel id that is no string", withChannels({ channel: "WhatsApp", channelId: 5 })],
  ],
};

function inMinutes(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}

function longUrl(length: number): string {
  return `https://example.com/${"x".repeat(length)}`;
}

/** The answer to a batch of one message is its own: see below. */
function batchOfOne(message: object): InjectOptions {
  return batch({ messages: [{ ...text, ...message }], includeMessagesInResponse: true });
}

describe.each(Object.keys(errorCodes).map(Number) as ErrorCode[])("%d", (code) => {
  const { status } = errorCodes[code];

  it("has a request that brings it about", () => {
    expect(cases[code].length).toBeGreaterThan(0);
  });

  it.for(cases[code])("answers %s", async ([, request, deps]) => {
    const answer = await startApiServer(deps).request(request);
    const { code: answered, ...item } = errorOf(answer.json());
    expect(answered).toBe(code);
    if (item.isOfItem) expect(answer.statusCode).toBe(200);
    else expect([status, 503]).toContain(answer.statusCode);
  });
});

/** Of the request, or of the first message of a batch. */
function errorOf(answer: { code?: number; messages?: { status: { errorCode?: number } }[] }) {
  const itemCode = answer.messages?.[0]?.status.errorCode;
  return { code: answer.code ?? itemCode, isOfItem: itemCode !== undefined };
}

it("shows no code that nobody answers with", () => {
  expect(Object.keys(cases)).toEqual(Object.keys(errorCodes));
});
