import { describe, expect, it } from "vitest";
import { VonageError } from "#libs/dialects/vonage/api-error.ts";
import { parseDispatch } from "#libs/dialects/vonage/dispatch/request/parse-dispatch.ts";
import { newMessageUuid } from "#libs/dialects/vonage/message-uuids.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { numbered } from "#test/support/requested-step.ts";

const account = demoView().findAccount("demo")!;
const messageId = newMessageUuid();
const NUMBER = "447700900000";
const failover = { expiry_time: 600, condition_status: "delivered" };
const hello = { content: { type: "text", text: "Hello" } };
const sms = {
  from: { type: "sms", number: "FALLTHRU" },
  to: { type: "sms", number: NUMBER },
  message: hello,
};
const whatsapp = {
  from: { type: "whatsapp", number: "FALLTHRU" },
  to: { type: "whatsapp", number: NUMBER },
  message: hello,
};
const viber = {
  from: { type: "viber_service_msg", id: "FALLTHRU" },
  to: { type: "viber_service_msg", number: NUMBER },
  message: hello,
};

const smsTo = (number: string) => ({ ...sms, to: { type: "sms", number } });
const many = (count: number) => Array.from({ length: count }, () => sms);
const long = (length: number) => ({ content: { type: "text", text: "x".repeat(length) } });
const parse = (...workflow: object[]) => parseBody({ template: "failover", workflow });
const parseBody = (body: unknown) =>
  parseDispatch(JSON.parse(JSON.stringify(body)), { account, messageId, now: START, flowId: null })
    .request;

/** What is refused, as `name reason`. */
function refusalOf(given: () => unknown): string[] {
  try {
    given();
  } catch (error) {
    if (!(error instanceof VonageError)) throw error;
    const { status, invalidParameters } = error;
    if (status === 400) return invalidParameters.map(({ name, reason }) => `${name} ${reason}`);
    throw error;
  }
  return [];
}

describe("a workflow", () => {
  it("is a step for each item, which waits its expiry_time for its condition_status", () => {
    const read = { expiry_time: 15, condition_status: "read" };
    const options = { category: "promotion", ttl: 30 };
    const request = parse(
      { ...whatsapp, failover: read },
      { ...viber, message: { ...hello, viber_service_msg: options }, failover },
      { ...sms, message: { content: { type: "text", text: "By SMS" } } },
    );
    expect(request).toMatchObject({
      messageId,
      dialect: "vonage-dispatch",
      recipient: { msisdn: `+${NUMBER}`, channelUserIds: {} },
      purpose: "MARKETING",
      lateReports: "AMEND",
      content: { type: "TEXT", text: "Hello" },
      steps: [
        { channel: "whatsapp", waitSeconds: 15, wanted: "READ", onFailure: "NEXT" },
        { channel: "viber", waitSeconds: 600, wanted: "DELIVERED", ttlSeconds: 30 },
        { channel: "sms", waitSeconds: null, wanted: "DELIVERED", content: { text: "By SMS" } },
      ],
    });
  });

  it("may be one message, of ten the same channel, and each to another number", () => {
    expect(parse(sms).steps).toHaveLength(1);
    const ten = Array.from({ length: 10 }, (_, index) => (index < 9 ? { ...sms, failover } : sms));
    expect(parse(...ten).steps.map(({ channel }) => channel)).toEqual(Array(10).fill("sms"));
    const other = { ...sms, to: { type: "sms", number: "6591234567" } };
    const { recipient, steps } = parse({ ...whatsapp, failover }, other);
    expect([recipient, ...steps.map((step) => step.recipient)]).toEqual([
      numbered(`+${NUMBER}`),
      null,
      numbered("+6591234567"),
    ]);
  });

  it("is Vonage's own example: an SMS to one phone, and one to a second where that is not read", () => {
    const [first, second] = [NUMBER, "447700900001"] as const;
    const read = { expiry_time: 60, condition_status: "read" };
    const { recipient, steps } = parse({ ...smsTo(first), failover: read }, smsTo(second));
    expect(recipient).toEqual(numbered(`+${first}`));
    expect(steps).toMatchObject([
      { channel: "sms", waitSeconds: 60, wanted: "READ", recipient: null },
      { channel: "sms", recipient: numbered(`+${second}`) },
    ]);
  });

  it("says a template in the language of its locale, and a file by its URL", () => {
    const name = "whatsapp:hsm:technology:nexmo:verify";
    const template = { name, parameters: [{ default: "1234" }, { default: "ten minutes" }] };
    const message = { content: { type: "template", template }, whatsapp: { locale: "en-GB" } };
    const { richJson } = parse({ ...whatsapp, message }).content;
    expect(JSON.parse(richJson ?? "")).toEqual({
      template: {
        name: "verify",
        language: "en_GB",
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", text: "1234" },
              { type: "text", text: "ten minutes" },
            ],
          },
        ],
      },
    });
    const image = { url: "https://example.com/image.jpg", caption: "Look" };
    const content = { type: "image", image };
    expect(parse({ ...viber, message: { content } }).content).toMatchObject({
      type: "IMAGE",
      text: "Look",
      richJson: JSON.stringify({ url: image.url }),
    });
  });
});

const taken = (expiry_time: unknown) =>
  refusalOf(() => parse({ ...whatsapp, failover: { ...failover, expiry_time } }, sms));

describe("expiry_time", () => {
  it.each([15, 16, 600, 86_399, 86_400])("of %s seconds is taken", (seconds) => {
    expect(taken(seconds)).toEqual([]);
  });

  it.each([14, 0, -15, 86_401, 600.5, "600", null])("of %j is not", (seconds) => {
    expect(taken(seconds)).toEqual([
      expect.stringMatching(/^workflow\[0\]\.failover\.expiry_time must be /),
    ]);
  });
});

describe("what is wrong with a workflow", () => {
  it("is told of all items at once", () => {
    const refused = refusalOf(() =>
      parse(
        { ...whatsapp, failover: { expiry_time: 14, condition_status: "sent" } },
        viber,
        { ...sms, message: {}, failover: { condition_status: "delivered" } },
        { ...sms, failover },
      ),
    );
    expect(refused).toEqual([
      "workflow[0].failover.expiry_time must be >= 15",
      "workflow[0].failover.condition_status must be equal to one of the allowed values: delivered, read",
      "workflow[1].failover is required",
      "workflow[2].message.content is required",
      "workflow[2].failover.expiry_time is required",
      "workflow[3].failover is not known here",
    ]);
  });

  const { to: _to, ...toNobody } = sms;
  it.each<[string, object, string]>([
    ["another template", { template: "retry", workflow: [sms] }, "template must be"],
    ["no template", { workflow: [sms] }, "template is required"],
    ["no workflow", { template: "failover" }, "workflow is required"],
    ["nothing to send", { template: "failover", workflow: [] }, "workflow must not have fewer"],
    ["eleven messages", { template: "failover", workflow: many(11) }, "workflow must"],
    ["no object", { template: "failover", workflow: ["sms"] }, "workflow[0] must be object"],
    ["nobody", { template: "failover", workflow: [toNobody] }, "workflow[0].to is required"],
  ])("is %s", (_, body, words) => {
    expect(refusalOf(() => parseBody(body))).toEqual([expect.stringContaining(words)]);
  });

  const messenger = { type: "messenger", id: "0123456789012345" };
  it.each<[string, object, string]>([
    ["a channel that there is not here", { to: messenger, from: messenger }, "to.type must be"],
    ["another channel in from", { from: { type: "whatsapp", number: "1" } }, "from.type must be"],
    ["an id in place of a number", { to: { type: "sms", id: "1" } }, "to.number is required"],
    ["no phone number", { to: { type: "sms", number: "12" } }, "to.number must be a number"],
    ["a sender of somebody else", { from: { type: "sms", number: "X" } }, 'from.number "X" is not'],
    ["a longer text than an SMS has", { message: long(1_001) }, "message.content.text must not"],
    ["what an SMS cannot say", { message: { content: { type: "image" } } }, "content.type must be"],
    [
      "an option of another channel",
      { message: { ...hello, viber_service_msg: { ttl: 30 } } },
      "message.viber_service_msg is not known here",
    ],
    ["half an emoji", { message: { content: { type: "text", text: "\ud83d" } } }, "text has half"],
  ])("is %s", (_, more, words) => {
    expect(refusalOf(() => parse({ ...sms, ...more }))[0]).toContain(`workflow[0].`);
    expect(refusalOf(() => parse({ ...sms, ...more }))).toEqual([expect.stringContaining(words)]);
  });

  it.each<[string, object, string]>([
    [
      "29 s of Viber's TTL",
      { ...viber, message: { ...hello, viber_service_msg: { ttl: 29 } } },
      "ttl",
    ],
    [
      "a template without a locale",
      { ...whatsapp, message: { content: { type: "template", template: { name: "order" } } } },
      "workflow[0].message.whatsapp is required",
    ],
    ["a longer text than WhatsApp has", { ...whatsapp, message: long(4_097) }, "content.text"],
    ["a number in place of Viber's id", { ...viber, from: { ...viber.from, id: undefined } }, "id"],
  ])("is %s", (_, item, words) => {
    expect(refusalOf(() => parse(item))).toEqual([expect.stringContaining(words)]);
  });

  it("is an address that is no number, also beside another: a channel might take it for an id", () => {
    const somebody = { ...whatsapp, to: { type: "whatsapp", number: "somebody else" }, failover };
    const short = { ...sms, to: { type: "sms", number: "12" } };
    expect(refusalOf(() => parse({ ...whatsapp, failover }, short))).toEqual([
      "workflow[1].to.number must be a number in E.164, such as +6591234567",
    ]);
    expect(refusalOf(() => parse(somebody, short))).toEqual([
      "workflow[0].to.number must be a number in E.164, such as +6591234567",
      "workflow[1].to.number must be a number in E.164, such as +6591234567",
    ]);
  });

  it.each([null, "failover", 7, [sms]])("is a body that is %j", (body) => {
    expect(refusalOf(() => parseBody(body))).toEqual(["body must be object"]);
  });
});
