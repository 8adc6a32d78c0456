// Requests that bring about 8x8's codes about messages, but for those about templates.
import {
  batch,
  having,
  headers,
  MESSAGES,
  noWhatsApp,
  type Refused,
  send,
  text,
  withBodyOf,
  withChannels,
  withContent,
  withSms,
  withUser,
} from "./requests.ts";

const withMedia = (url: unknown) => withContent("image", { text: "look", url });
const account = {
  name: "Demonstration",
  guid: "a".repeat(32),
  defaultWaitSeconds: 300,
  smsSegmentsMax: 1,
};
const withoutFlow = having("account", "demo", account);
const noSmsAfterViber = having("channel", "viber", {
  senders: ["X"],
  smsFallback: false,
  enabled: true,
});
const oneSender = having("sms-sender", "ACME", {});

export const refusedMessages = {
  1000: [
    ["a body that is no object", send([])],
    ["malformed JSON", { ...send({}), payload: '{"user":' }],
    ["sms that is no object", withSms("AUTO")],
    ["a batch that is no object", batch([])],
    ["a template of a batch that is no object", batch({ template: "x", messages: [text] })],
    ["an umid that is no UUID", { url: `${MESSAGES}/no-such`, headers }],
    ["a cancel of what is no UUID", { method: "DELETE", url: `${MESSAGES}/no-such`, headers }],
    ["a cancel of an impossible batch", { method: "DELETE", url: `${MESSAGES}/batch/x`, headers }],
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
      "an expiry that has passed, after a schedule that has",
      withBodyOf({ scheduled: "2026-01-01T00:00:00Z", expiry: "2026-01-02T00:00:00Z" }),
    ],
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
    ...[29, 43_201, 60.5, "60", 1e15].map(
      (ttlSeconds): Refused => [
        `a direct send with a TTL of ${JSON.stringify(ttlSeconds)}`,
        withContent("text", { text: "Hi", whatsApp: { directSend: { ttlSeconds } } }),
      ],
    ),
    ["eleven channels", withChannels(...Array.from({ length: 11 }, () => ({ channel: "SMS" })))],
    [
      "a message of a batch that its template makes too large for Kafka",
      batch({
        template: { content: { interactive: { a: "x".repeat(200_000) } } },
        messages: [
          { ...text, type: "interactive", content: { button: { b: "x".repeat(100_000) } } },
        ],
        includeMessagesInResponse: true,
      }),
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
    [
      "a card without a text for the SMS that it names",
      withBodyOf({
        type: "interactive",
        content: { interactive: { type: "x" } },
        channels: [{ channel: "WhatsApp" }, { channel: "SMS" }],
      }),
    ],
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
    (type): Refused => [`${type} without a URL`, withContent(type, { text: "look", [type]: {} })],
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
    [
      "a text that a step sends by SMS",
      withBodyOf({ content: { text: "x".repeat(161) }, channels: [{ channel: "SMS" }] }),
    ],
  ],
  3018: [["an unknown country", withUser({ msisdn: "91234567", country: "XX" })]],
  3020: [
    ["a callback that is no URL", withBodyOf({ dlrCallbackUrl: "not a url" })],
    ["a callback that is not HTTP", withBodyOf({ dlrCallbackUrl: "ftp://example.com" })],
    ["a callback with a password", withBodyOf({ dlrCallbackUrl: "https://a:b@example.com" })],
    ["a callback of 3,000 characters", withBodyOf({ dlrCallbackUrl: longUrl(3_000) })],
  ],
  3021: [
    ["a location without a place", withContent("location", {})],
    ["an empty location", withContent("location", { location: {} })],
    [
      "a location off the Earth",
      withContent("location", { location: { latitude: 91, longitude: 0 } }),
    ],
    [
      "a location in words",
      withContent("location", { location: { latitude: "N1", longitude: 0 } }),
    ],
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
  3047: [
    ["WhatsApp for somebody known on Line", withUser({ lineUserId: "U1" })],
    [
      "WhatsApp by name for somebody known on Line",
      withBodyOf({ user: { lineUserId: "U1" }, channels: [{ channel: "WhatsApp" }] }),
    ],
  ],
  3051: [
    [
      "a channel id that the account lacks",
      withChannels({ channel: "WhatsApp", channelId: "another's" }),
    ],
    ["a channel id that is no string", withChannels({ channel: "WhatsApp", channelId: 5 })],
  ],
} as const satisfies Record<number, readonly Refused[]>;

function inMinutes(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}

function longUrl(length: number): string {
  return `https://example.com/${"x".repeat(length)}`;
}
