// Rich content of a record is held to the shape that HTTP holds its bodies to, and what was stored
// before that is told and sent without it.
import { describe, expect, it } from "vitest";
import type { Content } from "#libs/contracts/generated/types.ts";
import { outboundContent } from "#libs/dialects/8x8/receipts/outbound-content.ts";
import { contentFaults } from "#libs/judgement/content-faults.ts";
import { messageObject } from "#libs/providers/content/message-object.ts";
import { requestedStep } from "#test/support/requested-step.ts";

const nothing = { text: null, fallbackText: null, sms: null };
const interactive = (url: string): Content => {
  const parameters = `{"display_text":"Go","url":${url}}`;
  const action = `{"name":"cta_url","parameters":${parameters}}`;
  const richJson = `{"interactive":{"type":"cta_url","action":${action}}}`;
  return { ...nothing, type: "INTERACTIVE", richJson };
};
const DEEP = interactive(`${"[".repeat(8_000)}1${"]".repeat(8_000)}`);

function faultsOf(content: Content, ...steps: Content[]) {
  const said = steps.map((own) => requestedStep("whatsapp", { content: own }));
  return contentFaults({ content, steps: said }).map(({ code, path, words }) => [
    code,
    `${path} ${words}`,
  ]);
}

describe("rich content", () => {
  it.each([
    ["levels", DEEP, "must be a JSON object, of 64 levels at most"],
    ["values", interactive(`[${"1,".repeat(10_000)}1]`), "has more than 10000 values"],
    ["__proto__", interactive('{"__proto__":{}}'), "has a member that is called __proto__"],
  ])("is refused for its %s, wherever it is said", (_what, content, words) => {
    expect(faultsOf(content)).toEqual([["bad-rich-content", `/content/richJson ${words}`]]);
    expect(faultsOf(interactive("1"), content)).toEqual([
      ["bad-rich-content", `/steps/0/content/richJson ${words}`],
    ]);
  });

  it("is refused for its values in all", () => {
    const half = interactive(`[${"1,".repeat(5_000)}1]`);
    expect(faultsOf(half, interactive("1"))).toEqual([]);
    expect(faultsOf(half, half)).toEqual([
      ["bad-rich-content", "/steps has more than 10000 values, with all rich content"],
    ]);
  });

  it("is refused for a text that is no Unicode, as a body is", () => {
    expect(faultsOf(interactive('"\\ud83d\\ude00"'))).toEqual([]);
    expect(faultsOf(interactive('"\\ud83d"'))).toMatchObject([
      ["not-well-formed", expect.any(String)],
    ]);
  });

  it("that was stored too deep is told and sent as if there were none", () => {
    expect(outboundContent(DEEP, { templates: new Map() })).toBeUndefined();
    expect(messageObject({ ...DEEP, smsEncoding: null })).toEqual({
      type: "interactive",
      interactive: {},
    });
  });
});
