// An SMS that typography would make Unicode, on each way in.
import { assert, describe, expect, it } from "vitest";
import type { Content, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { withFriendlySms } from "#libs/judgement/friendly-sms.ts";
import { channelContent } from "#libs/message-flow/records.ts";
import { withBody } from "#libs/settings/setting.ts";
import { requestToInput } from "#services/send-request-consumer/handler.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { codecOf } from "#test/support/record-codecs.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const DEAR = `\u201cHi\u201d \u2013 it\u2019s cafe\u0301\u2026${"x".repeat(60)}`;
const PLAIN = `"Hi" - it's café...${"x".repeat(60)}`;
const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const asking = demoView(
  withBody(
    { ...stamp, kind: "account", name: "demo" },
    {
      name: "Demonstration",
      guid: "a".repeat(32),
      defaultFlow: "whatsapp-then-sms",
      defaultWaitSeconds: 300,
      smsSegmentsMax: 1,
      smsText: "gsm-friendly",
    },
  ),
);
const account = asking.findAccount("demo");
assert(account);

const sms = requestedStep("sms");
const whatsapp: Step = { ...sms, channel: "whatsapp", waitSeconds: 60 };
const content = (over: Partial<Content> = {}): Content => ({
  ...storedRequest().content,
  text: DEAR,
  ...over,
});
const warning = (path: string) => ({ code: "sms-made-gsm", path });

function friendly(over: Partial<SendRequest>) {
  return withFriendlySms(
    storedRequest({ content: content(), steps: [whatsapp, sms], ...over }),
    account,
  );
}

describe("what goes out by SMS", () => {
  it("is made GSM, and other channels say what was given", () => {
    const { request, warnings } = friendly({});
    expect(channelContent("sms", request.content).text).toBe(PLAIN);
    expect(channelContent("whatsapp", request.content).text).toBe(DEAR);
    expect(warnings).toMatchObject([warning("/content/text")]);
    expect(warnings[0]?.words).toMatch(/without "“", "”", "–", "’", ".", "…": 1 SMS instead of 2$/);
  });

  it.each([
    [
      "a number that was copied from a phone",
      "Call \u202a+44 20 7946 0018\u202c",
      "Call +44 20 7946 0018",
    ],
    ["isolates and a mark of Arabic", "\u2068A\u2069 \u061cB", "A B"],
    ["a join and a selector that nobody sees", "A\u2061B\ufe0e", "AB"],
    ["quotes with one angle", "\u2039Hi\u203a", "'Hi'"],
    ["quotes of full width, and of Japan", "\uff02A\uff02 \u301dB\u301e", '"A" "B"'],
    ["dashes of two and three ems, and of full width", "A\u2e3aB\u2e3bC\uff0dD", "A-B-C-D"],
  ])("is made GSM without %s", (_what, dear, plain) => {
    const { request } = friendly({ content: content({ text: dear }) });
    expect(channelContent("sms", request.content).text).toBe(plain);
  });

  it.each<[string, Partial<SendRequest>, string]>([
    ["a fallback's text", { content: content({ fallbackText: DEAR }) }, "/content/fallbackText"],
    ["a flow's SMS", { steps: [] }, "/content/text"],
    [
      "a step's own",
      { steps: [whatsapp, { ...sms, content: content() }] },
      "/steps/1/content/text",
    ],
    [
      "what must be GSM",
      { content: content({ sms: { encoding: "GSM", source: null } }) },
      "/content/text",
    ],
  ])("is made GSM of %s", (_, over, path) => {
    expect(friendly(over).warnings).toMatchObject([warning(path)]);
  });

  it("changes nothing the second time", () => {
    const { request } = friendly({});
    expect(withFriendlySms(request, account)).toEqual({ request, warnings: [] });
  });

  it.each<[string, Partial<SendRequest>]>([
    ["is to be Unicode", { content: content({ sms: { encoding: "UNICODE", source: null } }) }],
    ["is GSM already", { content: content({ text: PLAIN }) }],
    ["stays Unicode all the same", { content: content({ text: "“Привет”" }) }],
    ["is no SMS", { steps: [whatsapp] }],
  ])("stays as it is where it %s", (_, over) => {
    const request = storedRequest({ content: content(), steps: [sms], ...over });
    expect(withFriendlySms(request, account).request).toBe(request);
  });
});

/** What is accepted over HTTP, and its warnings. */
async function sent(url: string, payload: object, settings = asking) {
  const { request, accepted } = startApiServer({ settings });
  const headers = { authorization: "Bearer demo-key" };
  const answer = await request({ method: "POST", url, headers, payload });
  const told = answer.json().warnings ?? JSON.parse(String(answer.headers["fallthrough-warnings"]));
  return { status: answer.statusCode, text: accepted[0]?.request.content?.fallbackText, told };
}

describe("where the account asks for it", () => {
  const native = { recipient: { msisdn: "+6591234567" }, content: { text: DEAR } };

  it("is done over the native API", async () => {
    const { status, text, told } = await sent("/ft/v1/messages", native);
    expect([status, text]).toEqual([202, PLAIN]);
    expect(told).toMatchObject([warning("/content/text")]);
  });

  it("is done in 8x8's dialect", async () => {
    const payload = {
      user: native.recipient,
      type: "text",
      content: { text: DEAR },
      channels: [{ channel: "SMS" }],
    };
    const { status, text, told } = await sent("/api/v1/subaccounts/demo/messages", payload);
    expect([status, text]).toEqual([200, PLAIN]);
    expect(told).toMatchObject([warning("content.text")]);
  });

  it("is done to a request by Kafka, whose bytes stay as they are else", () => {
    const codec = codecOf("send-request");
    const intake = (value: SendRequest, settings = asking) => {
      const bytes = codec.encode(value);
      const record = { topic: "", partition: 0, offset: "0", key: null, headers: {}, timestamp: 0 };
      const input = requestToInput({ ...record, value, faults: [], bytes }, { codec, settings });
      assert(input.type === "SendRequest");
      return { ...input, isAsItCame: input.bytes === bytes };
    };
    const value = storedRequest({ content: content(), steps: [sms], requestedAt: START });
    const input = intake(value);
    expect(input.request.content.fallbackText).toBe(PLAIN);
    expect(input.bytes).toEqual(codec.encode(input.request));
    expect(intake(input.request).isAsItCame).toBe(true);
    expect(intake(value, demoView()).isAsItCame).toBe(true);
  });

  it("is done for one message that asks for it, in whatever account", async () => {
    const refused = await startApiServer().request({
      method: "POST",
      url: "/ft/v1/messages",
      headers: { authorization: "Bearer demo-key" },
      payload: native,
    });
    expect(refused.json()).toMatchObject({ code: "sms-too-long" });
    const asked = { ...native, smsText: "gsm-friendly" };
    expect(await sent("/ft/v1/messages", asked, demoView())).toMatchObject({
      status: 202,
      text: PLAIN,
    });
  });
});
