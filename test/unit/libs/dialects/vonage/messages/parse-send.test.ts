import { describe, expect, it } from "vitest";
import { VonageError, vonageErrorBody } from "#libs/dialects/vonage/api-error.ts";
import { newMessageUuid } from "#libs/dialects/vonage/message-uuids.ts";
import { parseSend } from "#libs/dialects/vonage/messages/parse-send.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { numbered } from "#test/support/requested-step.ts";

const account = demoView().findAccount("demo")!;
const messageId = newMessageUuid();
const sms = {
  message_type: "text",
  channel: "sms",
  to: "6591234567",
  from: "FALLTHRU",
  text: "Hello by SMS",
};
const whatsapp = { ...sms, channel: "whatsapp", text: "Hello by WhatsApp" };
const failingOver = { ...whatsapp, failover: [sms] };

const parse = (body: unknown) =>
  parseSend(JSON.parse(JSON.stringify(body)), { account, messageId, now: START, flowId: null });

function refusalOf(body: unknown) {
  try {
    parse(body);
  } catch (error) {
    if (error instanceof VonageError) return { error, body: vonageErrorBody(error, "trace") };
    throw error;
  }
  throw new Error("It was taken.");
}

/** A WhatsApp message of a type, with what it says. */
function said(type: string, content: unknown) {
  return { ...whatsapp, text: undefined, message_type: type, [type]: content };
}

describe("a message", () => {
  it("is one step, answered with its UUID and no workflow", () => {
    const { request, answer } = parse({
      ...sms,
      client_ref: "c-1",
      webhook_url: "https://a.example/x",
    });
    expect(request).toMatchObject({
      messageId,
      accountId: "demo",
      dialect: "vonage",
      recipient: { msisdn: "+6591234567" },
      content: { type: "TEXT", text: "Hello by SMS" },
      steps: [
        { channel: "sms", sender: "FALLTHRU", waitSeconds: null, ttlSeconds: null, content: null },
      ],
      clientMessageId: "c-1",
      callbackUrl: "https://a.example/x",
    });
    expect(answer).toEqual({ message_uuid: messageId });
  });

  const url = "https://a.example/1";
  it.each([
    ["image", { url, caption: "Yours" }, "IMAGE", "Yours", { url }],
    ["audio", { url }, "AUDIO", null, { url }],
    ["video", { url }, "VIDEO", null, { url }],
    [
      "file",
      { url, caption: "Yours", name: "a.pdf" },
      "FILE",
      "Yours",
      { url, file: { filename: "a.pdf" } },
    ],
  ])("has a WhatsApp %s, with its caption as the text", (type, content, own, text, rich) => {
    const { content: taken } = parse(said(type, content)).request;
    expect(taken).toMatchObject({ type: own, text });
    expect(JSON.parse(taken.richJson ?? "")).toEqual(rich);
  });

  it.each([
    ["viber_service", "image", { url, caption: "Yours" }],
    ["viber_service", "file", { url, name: "a.pdf" }],
    ["rcs", "video", { url }],
  ])("by %s has an %s", (channel, type, content) => {
    const { request } = parse({ ...said(type, content), channel });
    expect(request.content.type).toBe(type.toUpperCase());
  });

  it("has WhatsApp's custom objects as Meta has them", () => {
    const interactive = { type: "button", body: { text: "?" }, action: { buttons: [] } };
    const { content } = parse(said("custom", { type: "interactive", interactive })).request;
    expect(content.type).toBe("INTERACTIVE");
    expect(JSON.parse(content.richJson ?? "")).toEqual({ interactive });
    const location = { latitude: 1.3, longitude: 103.8 };
    expect(parse(said("custom", { type: "location", location })).request.content).toMatchObject({
      type: "LOCATION",
      richJson: JSON.stringify({ location }),
    });
    const template = { name: "order_update", language: { code: "en" }, components: [] };
    const taken = parse(said("custom", { type: "template", template })).request.content;
    expect(JSON.parse(taken.richJson ?? "")).toEqual({ template: { ...template, language: "en" } });
  });

  it("is a template with numbered parameters, its namespace left out", () => {
    const { request } = parse({
      ...whatsapp,
      text: undefined,
      message_type: "template",
      template: { name: "9b6b4fcb_da19:order_update", parameters: ["James", "17"] },
      whatsapp: { policy: "deterministic", locale: "en" },
    });
    expect(JSON.parse(request.content.richJson ?? "")).toEqual({
      template: {
        name: "order_update",
        language: "en",
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", text: "James" },
              { type: "text", text: "17" },
            ],
          },
        ],
      },
    });
  });

  it.each([
    ["en-GB", "en_GB"],
    ["zh-Hans-HK", "zh_Hans_HK"],
    ["pt_BR", "pt_BR"],
  ])("says a template of %s in WhatsApp's %s", (locale, language) => {
    const template = { message_type: "template", template: { name: "order" }, text: undefined };
    const { request } = parse({ ...whatsapp, ...template, whatsapp: { locale } });
    expect(JSON.parse(request.content.richJson ?? "").template.language).toBe(language);
  });

  it("is marketing where Viber is told that it is promotion", () => {
    const viber = { ...sms, channel: "viber_service", viber_service: { category: "promotion" } };
    expect(parse(viber).request).toMatchObject({
      purpose: "MARKETING",
      steps: [{ channel: "viber" }],
    });
  });
});

describe("failover", () => {
  it("is left by reports alone, never by time, where the message has no TTL", () => {
    const { request, answer } = parse(failingOver);
    expect(request.steps).toMatchObject([
      { channel: "whatsapp", waitSeconds: null, wanted: "DELIVERED", onFailure: "NEXT" },
      { channel: "sms", waitSeconds: null, content: { text: "Hello by SMS" } },
    ]);
    expect(answer).toEqual({
      message_uuid: messageId,
      workflow_id: `${messageId.slice(0, -2)}ff`,
    });
  });

  it("is left when the TTL is over, also Viber's, and the provider is told it; the last is not left", () => {
    const viber = { ...sms, channel: "viber_service", viber_service: { ttl: 600 } };
    const { request } = parse({ ...whatsapp, ttl: 90, failover: [viber, { ...sms, ttl: 120 }] });
    expect(request.steps.map(({ waitSeconds, ttlSeconds }) => [waitSeconds, ttlSeconds])).toEqual([
      [90, 90],
      [600, 600],
      [null, 120],
    ]);
  });

  it("goes to each message's own number, also to two on one channel", () => {
    const other = { ...sms, to: "6598765432" };
    const { request } = parse({ ...whatsapp, failover: [other, sms] });
    expect([request.recipient, ...request.steps.map(({ recipient }) => recipient)]).toEqual([
      numbered("+6591234567"),
      null,
      numbered("+6598765432"),
      null,
    ]);
  });

  it("has what a later message says of its own: its reference, and where its statuses go", () => {
    const first = { ...whatsapp, client_ref: "c-1", webhook_url: "https://a.example/" };
    const own = { ...sms, client_ref: "c-2", webhook_url: "https://b.example/" };
    const { clientMessageId, callbackUrl, steps } = parse({
      ...first,
      failover: [own, sms],
    }).request;
    expect([clientMessageId, callbackUrl]).toEqual(["c-1", "https://a.example/"]);
    expect(steps).toMatchObject([
      { clientMessageId: null, callbackUrl: null },
      { clientMessageId: "c-2", callbackUrl: "https://b.example/" },
      { clientMessageId: null, callbackUrl: null },
    ]);
  });
});

describe("what would be left out is refused", () => {
  const template = { name: "order" };
  const locale = { locale: "en" };
  const asTemplate = { ...whatsapp, message_type: "template", template, whatsapp: locale };
  it.each<[string, object, string]>([
    ["a template beside a text", { ...whatsapp, template, whatsapp: locale }, "template"],
    ["a text beside a template", asTemplate, "text"],
    ["a template by SMS", { ...sms, template }, "template"],
    ["what WhatsApp is told, by SMS", { ...sms, whatsapp: locale }, "whatsapp"],
    ["Viber's TTL of an SMS", { ...sms, viber_service: { ttl: 60 } }, "viber_service"],
    ["an SMS's encoding by WhatsApp", { ...whatsapp, sms: { encoding_type: "text" } }, "sms"],
    [
      "one of a later message",
      { ...whatsapp, failover: [{ ...sms, whatsapp: locale }] },
      "failover[0].whatsapp",
    ],
  ])("%s", (_, body, name) => {
    expect(refusalOf(body).error.invalidParameters.map((each) => each.name)).toEqual([name]);
  });
});

describe("a refusal has Vonage's code", () => {
  it.each<[string, unknown, string, string]>([
    ["no object", "hello", "https://developer.vonage.com/api-errors#invalid-json", ""],
    ["MMS", { ...sms, channel: "mms", image: { url: "https://a" } }, "1400", ""],
    ["Messenger as a failover", { ...sms, failover: [{ channel: "messenger" }] }, "1400", ""],
    ["an image by SMS", { ...sms, message_type: "image" }, "1440", ""],
    ["a sticker", { ...whatsapp, message_type: "sticker" }, "1440", ""],
    ["a video by Viber", { ...sms, channel: "viber_service", message_type: "video" }, "1440", ""],
    ["custom by RCS", { ...sms, channel: "rcs", message_type: "custom" }, "1440", ""],
    ["an image that is nowhere", said("image", { url: "ftp://a.example/1.jpg" }), "1020", "image"],
    ["an image without its member", said("image", undefined), "1020", "image"],
    [
      "an image beside a text",
      { ...said("image", { url: "https://a.example/1.jpg" }), text: "x" },
      "1020",
      "text",
    ],
    [
      "a caption that RCS leaves out",
      { ...said("image", { url: "https://a.example/1.jpg", caption: "x" }), channel: "rcs" },
      "1020",
      "image.caption",
    ],
    [
      "an audio's caption",
      said("audio", { url: "https://a.example/1.mp3", caption: "x" }),
      "1020",
      "audio.caption",
    ],
    ["Meta's contacts", said("custom", { type: "contacts" }), "1020", "custom.type"],
    [
      "custom without what it is of",
      said("custom", { type: "interactive" }),
      "1020",
      "custom.interactive",
    ],
    ["a template by SMS", { ...sms, message_type: "template" }, "1440", ""],
    ["a missing text", { ...sms, text: undefined }, "1020", "text"],
    ["a text that is too long for it", { ...sms, text: "x".repeat(1_001) }, "1020", "text"],
    ["no recipient", { ...sms, to: undefined }, "1430", "to"],
    [
      "no recipient of the second",
      { ...whatsapp, failover: [{ ...sms, to: undefined }] },
      "1430",
      "failover[0].to",
    ],
    ["no number", { ...sms, to: "12" }, "1430", "to"],
    ["a foreign sender", { ...whatsapp, from: "SOMEBODY" }, "1420", "from"],
    [
      "a foreign sender of the second",
      { ...whatsapp, failover: [{ ...sms, from: "§" }] },
      "1420",
      "failover[0].from",
    ],
    ["a TTL of nothing", { ...sms, ttl: 0 }, "1130", "ttl"],
    [
      "a TTL of the second",
      { ...whatsapp, failover: [{ ...sms, ttl: 0 }] },
      "1130",
      "failover[0].ttl",
    ],
    ["a long reference", { ...sms, client_ref: "x".repeat(101) }, "1450", "client_ref"],
    [
      "an unknown category",
      { ...sms, channel: "viber_service", viber_service: { category: "x" } },
      "1410",
      "viber_service.category",
    ],
    [
      "a member that is not served",
      { ...sms, trusted_recipient: true },
      "1020",
      "trusted_recipient",
    ],
    ["an older webhook", { ...sms, webhook_version: "v0.1" }, "1020", "webhook_version"],
    [
      "a webhook of the second that is no URL",
      { ...failingOver, failover: [{ ...sms, webhook_url: "nowhere" }] },
      "1020",
      "failover[0].webhook_url",
    ],
    [
      "an address that is no number beside another that is",
      { ...whatsapp, to: "somebody", failover: [sms] },
      "1430",
      "to",
    ],
    [
      "a number of the second that is none",
      { ...whatsapp, failover: [{ ...sms, to: "12" }] },
      "1430",
      "failover[0].to",
    ],
    ["no URL", { ...sms, webhook_url: "nowhere" }, "1020", "webhook_url"],
  ])("for %s", (_, body, code, name) => {
    const refusal = refusalOf(body);
    expect(refusal.error.status).toBe(422);
    expect(refusal.body.type.split("#").at(-1)).toBe(code.split("#").at(-1));
    expect(refusal.error.invalidParameters.map((each) => each.name)).toEqual(name ? [name] : []);
  });
});
