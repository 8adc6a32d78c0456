import { describe, expect, it } from "vitest";
import { ApiError } from "#libs/dialects/alibaba/api-error.ts";
import { parseSend } from "#libs/dialects/alibaba/send/parse-send.ts";
import type { AnySetting } from "#libs/settings/setting.ts";
import { withBody } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { templateSetting } from "#test/support/template-setting.ts";

const ownTemplate = templateSetting({ name: "order_update", category: "utility" });
const NOW = Date.UTC(2026, 10, 21, 12);
const text = {
  ChannelType: "whatsapp",
  Type: "message",
  MessageType: "text",
  // As Alibaba's reference gives it.
  Content: { text: "hello,whatsapp", link: "", caption: "", fileName: "" },
  From: "FALLTHRU",
  To: "6591234567",
};
const template = {
  ChannelType: "whatsapp",
  Type: "template",
  TemplateCode: "order_update",
  Language: "en",
  TemplateParams: { name: "James", code: "123" },
  From: "FALLTHRU",
  To: "6591234567",
};
const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };

function parse(given: object, ...settings: AnySetting[]) {
  const account = demoView(...settings).findAccount("demo")!;
  return parseSend({ ...given }, { account, messageId: "m-1", batchId: null, now: NOW });
}

function refusal(given: object, ...settings: AnySetting[]) {
  try {
    parse(given, ...settings);
  } catch (error) {
    if (error instanceof ApiError) return error.code;
    throw error;
  }
  return "none";
}

describe("Alibaba: a message", () => {
  it("of a text is one step", () => {
    const { request, warnings } = parse(text);
    expect(warnings).toEqual([]);
    expect(request).toMatchObject({
      messageId: "m-1",
      accountId: "demo",
      recipient: { msisdn: "+6591234567", channelUserIds: {} },
      content: { type: "TEXT", text: "hello,whatsapp" },
      steps: [{ channel: "whatsapp", sender: "FALLTHRU", waitSeconds: null, wanted: "DELIVERED" }],
      dialect: "alibaba",
      requestedAt: NOW,
    });
  });

  it("of a template names it by its code or its name, with its variables", () => {
    const byName = { ...template, TemplateCode: undefined, TemplateName: "order_update" };
    for (const given of [template, byName]) {
      const { request } = parse(JSON.parse(JSON.stringify(given)));
      expect(JSON.parse(request.content.richJson ?? "")).toEqual({
        template: {
          name: "order_update",
          language: "en",
          components: [
            {
              type: "body",
              parameters: [
                { type: "text", parameter_name: "name", text: "James" },
                { type: "text", parameter_name: "code", text: "123" },
              ],
            },
          ],
        },
      });
    }
  });

  it("puts numbered variables into their order", () => {
    const { request } = parse({ ...template, TemplateParams: { 2: "b", 10: "c", 1: "a" } });
    const { components } = JSON.parse(request.content.richJson ?? "").template;
    expect(components[0].parameters.map((each: { text: string }) => each.text)).toEqual([
      "a",
      "b",
      "c",
    ]);
  });

  it("reaches a person without a number by UserId or UserName", () => {
    const { To: _, ...nobody } = text;
    for (const member of ["UserId", "UserName"]) {
      const { request } = parse({ ...nobody, [member]: "US.13491208655302741918" });
      expect(request.recipient).toEqual({
        msisdn: null,
        country: null,
        channelUserIds: { whatsapp: "US.13491208655302741918" },
      });
    }
  });

  it("finds a sender that the account has with a plus sign", () => {
    const channel = { senders: ["+861387777000"], smsFallback: true, enabled: true };
    const setting = withBody({ ...stamp, kind: "channel", name: "whatsapp" }, channel);
    const { request } = parse({ ...text, From: "861387777000" }, setting);
    expect(request.steps[0]?.sender).toBe("+861387777000");
  });

  it("of Viber has its TTL and its purpose", () => {
    const given = { ...text, ChannelType: "viber", Label: "promotion", Ttl: "30" };
    const { request } = parse(given);
    expect([request.purpose, request.steps[0]?.ttlSeconds]).toEqual(["MARKETING", 30]);
  });

  it("keeps TaskId and TrackingData for its receipts", () => {
    const { request } = parse({ ...text, TaskId: "t-1", TrackingData: "x-1" });
    expect([request.clientBatchId, request.clientMessageId]).toEqual(["t-1", "x-1"]);
  });
});

describe("Alibaba: a fallback", () => {
  const fallback = { ...text, FallBackContent: "By SMS", FallBackDuration: "60" };

  it.each([
    ["undelivered", "DELIVERED"],
    ["Undelivered", "DELIVERED"],
    ["sentFailed", "SENT"],
    ["sentfailed", "SENT"],
    ["unread", "READ"],
  ])("by the rule %s follows where the message is not %s in time", (rule, wanted) => {
    const { request } = parse({ ...fallback, FallBackRule: rule });
    expect(request.steps).toMatchObject([
      { channel: "whatsapp", waitSeconds: 60, wanted, onFailure: "NEXT", content: null },
      {
        channel: "sms",
        sender: null,
        waitSeconds: null,
        content: { type: "TEXT", text: "By SMS" },
      },
    ]);
  });

  it("goes by the rule undelivered where none is given", () => {
    expect(parse(fallback).request.steps[0]?.wanted).toBe("DELIVERED");
  });

  it.each([60, 43_200])("takes a duration of %d seconds", (seconds) => {
    const { request } = parse({ ...fallback, FallBackDuration: String(seconds) });
    expect(request.steps[0]?.waitSeconds).toBe(seconds);
  });

  it("without a duration follows only by a report", () => {
    const { FallBackDuration: _, ...untimed } = fallback;
    expect(parse(untimed).request.steps[0]?.waitSeconds).toBeNull();
  });

  it("says that WhatsApp never reports a message as unread", () => {
    const { FallBackDuration: _, ...untimed } = { ...fallback, FallBackRule: "unread" };
    expect(parse(untimed).warnings).toMatchObject([{ code: "never-unread" }]);
    expect(parse({ ...untimed, ChannelType: "viber" }).warnings).toEqual([]);
    expect(parse({ ...fallback, FallBackRule: "unread" }).warnings).toEqual([]);
  });

  it("by a policy is sent by its rule's SendID", () => {
    const { request } = parse({ ...fallback, FallBackId: "S_000001" });
    expect(request.steps[1]?.sender).toBe("FALLTHRU");
  });

  it("follows Viber too", () => {
    expect(parse({ ...fallback, ChannelType: "viber" }).request.steps).toMatchObject([
      { channel: "viber" },
      { channel: "sms" },
    ]);
  });

  it("is refused where the channel's SMS is not activated", () => {
    const channel = { senders: ["FALLTHRU"], smsFallback: false, enabled: true };
    const setting = withBody({ ...stamp, kind: "channel", name: "whatsapp" }, channel);
    expect(refusal(fallback, setting)).toBe("Product.Unsubscript");
    expect(refusal(text, setting)).toBe("none");
  });
});

describe("Alibaba: a template that WhatsApp would refuse", () => {
  const fallback = { FallBackContent: "By SMS", FallBackDuration: "60" };
  const faulty: [string, object, string][] = [
    [
      "whose variable has a line end",
      { TemplateParams: { a: "1\n2" } },
      "InvalidParameter.TemplateParams",
    ],
    ["whose name is none", { TemplateCode: "Order!" }, "InvalidParameter.TemplateCode"],
    ["that the account does not have", { TemplateCode: "other" }, "InvalidParameter.TemplateCode"],
    ["without a name", { TemplateCode: "" }, "MissingTemplateCode"],
    ["without a language", { Language: "" }, "MissingLanguage"],
  ];
  const given = (more: object, rule: string) => {
    const all = { ...template, ...fallback, ...more, FallBackRule: rule };
    return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ""));
  };

  it.each(faulty)("%s is refused by the rule undelivered", (_, more, code) => {
    expect(refusal(given(more, "undelivered"), ownTemplate)).toBe(code);
  });

  it.each(faulty)("%s goes by SMS at once by the rule sentFailed", (_, more) => {
    const { request, warnings } = parse(given(more, "sentFailed"), ownTemplate);
    expect(request).toMatchObject({
      content: { type: "TEXT", text: "By SMS" },
      steps: [{ channel: "sms", content: { text: "By SMS" } }],
    });
    expect(warnings).toMatchObject([{ code: "sms-in-place-of-template" }]);
  });

  it("is told of the SMS that goes in its place too", () => {
    const dear = { TemplateParams: { a: "1\n2" }, FallBackContent: "It’s here" };
    expect(parse(given(dear, "sentFailed"), ownTemplate).warnings).toMatchObject([
      { code: "sms-in-place-of-template" },
      { code: "sms-in-unicode" },
    ]);
  });

  it.each([
    ["From", { From: "another" }, "InvalidParameter.From"],
    ["To", { To: "12" }, "InvalidParameter.To"],
    ["ChannelType", { ChannelType: "telegram" }, "InvalidParameter.ChannelType"],
    ["Type", { Type: "card" }, "InvalidParameter.Type"],
    ["its SMS", { FallBackContent: "a".repeat(1_530) }, "InvalidParameter.FallBackContent"],
  ])("is refused by every rule for a wrong %s", (_, more, code) => {
    const both = { TemplateParams: { a: "1\n2" }, ...more };
    expect(refusal(given(both, "sentFailed"), ownTemplate)).toBe(code);
  });
});

const textless = { ...text, FallBackId: "S_000001" };

describe("Alibaba: what cannot be sent", () => {
  it.each<[string, object, string]>([
    ["no ChannelType", { ...text, ChannelType: undefined }, "MissingChannelType"],
    ["another channel", { ...text, ChannelType: "telegram" }, "InvalidParameter.ChannelType"],
    ["no Type", { ...text, Type: undefined }, "MissingType"],
    ["no MessageType", { ...text, MessageType: undefined }, "MissingMessageType"],
    [
      "a type that is not served",
      { ...text, MessageType: "video" },
      "InvalidParameter.MessageType",
    ],
    ["no Content", { ...text, Content: undefined }, "MissingContent"],
    ["media in a text", { ...text, Content: { text: "a", link: "b" } }, "InvalidParameter.Content"],
    ["a blank text", { ...text, Content: { text: "  " } }, "InvalidParameter.Content"],
    ["half a character", { ...text, Content: { text: "\ud83d" } }, "InvalidParameter.Content"],
    ["no From", { ...text, From: undefined }, "MissingFrom"],
    ["another's From", { ...text, From: "861387777000" }, "InvalidParameter.From"],
    ["no recipient", { ...text, To: undefined }, "MissingTo"],
    ["a number that is none", { ...text, To: "12" }, "InvalidParameter.To"],
    ["another account", { ...text, CustSpaceId: "cams-8c8" }, "Ram.PermissionDeny"],
    ["no template", { ...template, TemplateCode: undefined }, "MissingTemplateCode"],
    ["no language", { ...template, Language: undefined }, "MissingLanguage"],
    [
      "a template that is none",
      { ...template, TemplateCode: "Order!" },
      "InvalidParameter.TemplateCode",
    ],
    [
      "a variable with a line end",
      { ...template, TemplateParams: { a: "1\n2" } },
      "InvalidParameter.TemplateParams",
    ],
    [
      "variables that are no texts",
      { ...template, TemplateParams: { a: 1 } },
      "InvalidParameter.TemplateParams",
    ],
    ["a fallback without its text", textless, "MissingFallBackContent"],
    [
      "a wait below a minute",
      { ...text, FallBackContent: "a", FallBackDuration: "59" },
      "InvalidParameter.FallBackDuration",
    ],
    [
      "a wait above 12 hours",
      { ...text, FallBackContent: "a", FallBackDuration: "43201" },
      "InvalidParameter.FallBackDuration",
    ],
    [
      "a wait that is no number",
      { ...text, FallBackContent: "a", FallBackDuration: "1e2" },
      "InvalidParameter.FallBackDuration",
    ],
    [
      "an SMS to nobody's number",
      { ...text, To: undefined, UserId: "US.1", FallBackContent: "a" },
      "InvalidParameter.To",
    ],
    [
      "an unknown rule",
      { ...text, FallBackContent: "a", FallBackRule: "seen" },
      "InvalidParameter.FallBackRule",
    ],
    [
      "an unknown policy",
      { ...text, FallBackContent: "a", FallBackId: "S_9" },
      "InvalidParameter.FallBackId",
    ],
    [
      "an SMS of ten parts",
      { ...text, FallBackContent: "a".repeat(1_530) },
      "InvalidParameter.FallBackContent",
    ],
    ["a TTL that Viber does not have", { ...text, Ttl: "29" }, "InvalidParameter.Ttl"],
  ])("is refused for %s", (_, given, code) => {
    expect(refusal(JSON.parse(JSON.stringify(given)))).toBe(code);
  });

  it("is refused for a template that the account does not have, where it has any", () => {
    expect(refusal(template, ownTemplate)).toBe("none");
    const other = { ...template, TemplateCode: "other" };
    expect(refusal(other, ownTemplate)).toBe("InvalidParameter.TemplateCode");
  });
});
