import { describe, expect, it } from "vitest";
import { KaleyraError, kaleyraErrorBody } from "#libs/dialects/kaleyra/api-error.ts";
import { parseInvocation } from "#libs/dialects/kaleyra/invoke/parse-invocation.ts";
import type { FlowSetting } from "#libs/settings/bodies/flow.ts";
import { START } from "#test/support/journal-entry.ts";
import { kaleyraAccount, publishedFlow } from "#test/support/kaleyra-flows.ts";
import { numbered } from "#test/support/requested-step.ts";

const send1 = { recipient: "919812345678", templateParams: { "1": "Ann", "2": "17" } };
const send2 = { recipient: "919812345678", templateParams: { order: "17", name: "Ann" } };
const body = { requestId: "r1", input: { send1, send2 } };

const invoke = (given: unknown, flow: FlowSetting = publishedFlow(), flowId = "orders") =>
  parseInvocation(given, {
    account: kaleyraAccount({ orders: flow }),
    flowId,
    messageId: "m-1",
    now: START,
  }).request;

function refusalOf(given: unknown, flow?: FlowSetting, flowId?: string) {
  try {
    invoke(given, flow, flowId);
  } catch (error) {
    if (error instanceof KaleyraError) return kaleyraErrorBody(error);
    throw error;
  }
  throw new Error("Nothing is refused.");
}

describe("an invocation", () => {
  it("is the flow's steps, each with its template filled, and its delays", () => {
    expect(invoke(body)).toMatchObject({
      messageId: "m-1",
      accountId: "demo",
      dialect: "kaleyra",
      flowId: "orders",
      clientMessageId: "r1",
      lateReports: "IGNORE",
      recipient: { msisdn: "+919812345678", channelUserIds: {} },
      content: { type: "TEMPLATE" },
      steps: [
        { channel: "whatsapp", sender: "FALLTHRU", waitSeconds: 60, content: null },
        {
          channel: "sms",
          sender: "FALLTHRU",
          waitSeconds: 90,
          wanted: "DELIVERED",
          content: { type: "TEXT", text: "Order 17 of Ann is on its way." },
        },
      ],
    });
    expect(JSON.parse(invoke(body).content.richJson!)).toEqual({
      template: {
        name: "order",
        language: "en",
        components: [
          {
            type: "body",
            parameters: [
              { type: "text", text: "Ann" },
              { type: "text", text: "17" },
            ],
          },
        ],
      },
    });
  });

  it("reaches another person on the second channel where it says so", () => {
    const other = { ...send2, recipient: "6591234567" };
    const { recipient, steps } = invoke({ input: { send1, send2: other } });
    expect([recipient, ...steps.map((step) => step.recipient)]).toEqual([
      numbered("+919812345678"),
      null,
      numbered("+6591234567"),
    ]);
  });

  it("reaches each send's recipient where a flow has one channel twice", () => {
    const flow = publishedFlow("unseen.en", "plain-sms");
    const versions = flow.versions.map((version) => {
      const sms = version.steps.filter(({ channel }) => channel === "sms");
      return { ...version, steps: [...sms, ...sms] };
    });
    const [first, second] = [{ recipient: "6591234567" }, { recipient: "6598765432" }];
    const twice = invoke({ input: { send1: first, send2: second } }, { ...flow, versions });
    expect([twice.recipient, ...twice.steps.map(({ recipient }) => recipient)]).toEqual([
      numbered("+6591234567"),
      null,
      numbered("+6598765432"),
    ]);
  });

  it("needs no parameters for templates without variables", () => {
    const { recipient } = send1;
    const flow = publishedFlow("unseen.en", "plain-sms");
    const { content } = invoke({ input: { send1: { recipient }, send2: { recipient } } }, flow);
    expect(JSON.parse(content.richJson!)).toEqual({ template: { name: "unseen", language: "en" } });
  });

  it("names the parameters of named variables", () => {
    const named = { ...send1, templateParams: { name: "Ann" } };
    const { content } = invoke({ input: { send1: named, send2 } }, publishedFlow("named.en"));
    expect(content.richJson).toContain('{"type":"text","parameter_name":"name","text":"Ann"}');
  });

  it("gives an authentication template's code to its button too", () => {
    const code = { ...send1, templateParams: { "1": "123456" } };
    const { content } = invoke({ input: { send1: code, send2 } }, publishedFlow("code.en"));
    expect(JSON.parse(content.richJson!).template.components).toMatchObject([
      { type: "body", parameters: [{ text: "123456" }] },
      { type: "button", sub_type: "url", index: "0", parameters: [{ text: "123456" }] },
    ]);
  });
});

describe("an invocation is refused", () => {
  const unpublished = { ...publishedFlow(), draft: { steps: publishedFlow().versions[0]!.steps } };
  delete unpublished.published;
  const withSends = (sends: object) => ({ input: { send1, send2, ...sends } });

  it.each<[string, number, unknown, FlowSetting?, string?]>([
    ["of a flow that is not there", 1404, body, publishedFlow(), "other"],
    ["of a flow that is not published", 1409, body, unpublished],
    ["of a flow whose template is not approved any more", 1409, body, publishedFlow("waiting.en")],
    ["without a send", 1400, { input: { send1 } }],
    ["with a send of no channel", 1400, withSends({ send3: send1 })],
    ["with another member of input", 1400, withSends({ first: send1 })],
    ["without a recipient", 1400, withSends({ send1: { templateParams: {} } })],
    ["without a body", 1400, undefined],
    [
      "with a recipient that is no number",
      1417,
      withSends({ send1: { ...send1, recipient: "ann" } }),
    ],
    ["without a parameter", 1400, withSends({ send1: { ...send1, templateParams: { "1": "A" } } })],
    [
      "with a parameter that the template does not have",
      1400,
      withSends({ send2: { ...send2, templateParams: { ...send2.templateParams, more: "x" } } }),
    ],
    [
      "with a parameter that WhatsApp refuses",
      1400,
      withSends({ send1: { ...send1, templateParams: { "1": "Ann\nBob", "2": "17" } } }),
    ],
    [
      "with a parameter that makes the SMS too long",
      1400,
      withSends({ send2: { ...send2, templateParams: { order: "x".repeat(200), name: "A" } } }),
    ],
  ])("%s", (_, code, given, flow, flowId) => {
    expect(refusalOf(given, flow, flowId)).toMatchObject({
      code,
      message: expect.stringMatching(/\.$/),
      data: { error: { error_code: expect.any(String), error_message: expect.any(String) } },
    });
  });

  it("with the place of what is wrong", () => {
    const long = { ...send2, templateParams: { order: "x".repeat(200), name: "A" } };
    expect(refusalOf(withSends({ send2: long })).message).toContain("/input/send2");
    expect(refusalOf({ input: { send1 } }).message).toBe("/input/send2 is missing.");
  });
});
