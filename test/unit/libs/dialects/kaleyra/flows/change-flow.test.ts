import { describe, expect, it } from "vitest";
import { KaleyraError } from "#libs/dialects/kaleyra/api-error.ts";
import { parseFirstChannel, parseSecondChannel } from "#libs/dialects/kaleyra/flows/body.ts";
import {
  cloneOf,
  deletable,
  isKaleyraFlow,
  publishFlow,
  withFirstChannel,
  withoutSecondChannel,
  withSecondChannel,
} from "#libs/dialects/kaleyra/flows/change-flow.ts";
import { templatesOf } from "#libs/dialects/kaleyra/flows/choices.ts";
import { flowView } from "#libs/dialects/kaleyra/flows/flow-view.ts";
import { ShapeError } from "#libs/json/parse-given.ts";
import type { FlowSetting } from "#libs/settings/bodies/flow.ts";
import { unpublish } from "#libs/settings/flow-versions.ts";
import { kaleyraAccount, publishedFlow } from "#test/support/kaleyra-flows.ts";

const account = kaleyraAccount();
const NOW = Date.UTC(2026, 10, 28);
const empty: FlowSetting = { name: "Orders", versions: [] };
const byWhatsapp = {
  channel: "whatsapp",
  from: "FALLTHRU",
  template: "order.en",
  delay: 60,
} as const;
const thenBySms = { from: "FALLTHRU", template: "order-sms", delay: 90 };
const first = withFirstChannel(empty, byWhatsapp, account);
const both = withSecondChannel(first, thenBySms, account);

function refusalOf(change: () => unknown): string {
  try {
    change();
  } catch (error) {
    if (error instanceof KaleyraError) return `${error.status} ${error.message}`;
    throw error;
  }
  throw new Error("Nothing is refused.");
}

describe("the second channel", () => {
  it("is the other one by default", () => {
    expect(flowView("f", both, account).secondChannel?.channel).toBe("sms");
    const bySms = withFirstChannel(empty, { ...thenBySms, channel: "sms" }, account);
    const { channel: _, ...rest } = byWhatsapp;
    const flow = withSecondChannel(bySms, rest, account);
    expect(flowView("f", flow, account).secondChannel?.channel).toBe("whatsapp");
  });

  it("is not the first one again", () => {
    expect(refusalOf(() => withSecondChannel(first, byWhatsapp, account))).toContain("400");
  });

  it("needs a first one", () => {
    expect(refusalOf(() => withSecondChannel(empty, thenBySms, account))).toContain("409");
  });

  it("is deleted once", () => {
    const flow = withoutSecondChannel(both);
    expect(flowView("f", flow, account)).not.toHaveProperty("secondChannel");
    expect(refusalOf(() => withoutSecondChannel(flow))).toContain("404");
  });
});

describe("the first channel", () => {
  const bySms = { ...thenBySms, channel: "sms" } as const;

  it("is fixed until the second is deleted", () => {
    expect(refusalOf(() => withFirstChannel(both, bySms, account))).toContain("409");
    const flow = withFirstChannel(withoutSecondChannel(both), bySms, account);
    expect(flowView("f", flow, account).firstChannel?.channel).toBe("sms");
  });

  it("has its sender, template and delay changed at any time", () => {
    const flow = withFirstChannel(both, { ...byWhatsapp, delay: 900 }, account);
    expect(flowView("f", flow, account)).toMatchObject({
      firstChannel: { delay: 900 },
      secondChannel: { delay: 90 },
    });
  });
});

describe("what a channel says", () => {
  it("is shown with the preview of its template", () => {
    expect(flowView("f", both, account)).toMatchObject({
      firstChannel: { preview: "Hello {{1}}, your order {{2}} is on its way." },
      secondChannel: { preview: "Order {{order}} of {{ name }} is on its way." },
    });
  });

  it("is an approved template, of WhatsApp one of text or authentication", () => {
    const offered = [...templatesOf("whatsapp", account), ...templatesOf("sms", account)];
    expect(offered.map(({ template }) => template)).toEqual([
      "order.en",
      "named.en",
      "unseen.en",
      "code.en",
      "order-sms",
      "plain-sms",
    ]);
  });

  it.each(["photo.en", "waiting.en", "nothing.en", "order-sms"])("is not %s", (template) => {
    const change = () => withFirstChannel(empty, { ...byWhatsapp, template }, account);
    expect(refusalOf(change)).toContain("/template");
  });

  it("comes from a configured sender", () => {
    const bySomebody = { ...byWhatsapp, from: "STRANGER" };
    expect(refusalOf(() => withFirstChannel(empty, bySomebody, account))).toContain("/from");
  });
});

describe("a delay", () => {
  it.each([4, 901, 5.5, "60", null])("is not %j", (delay) => {
    expect(() => parseFirstChannel({ ...byWhatsapp, delay })).toThrow(ShapeError);
    expect(() => parseSecondChannel({ ...thenBySms, delay })).toThrow(ShapeError);
  });

  it.each([5, 900])("is %d seconds", (delay) => {
    expect(parseSecondChannel({ ...thenBySms, delay }).delay).toBe(delay);
  });
});

describe("publishing", () => {
  it("needs two whole channels", () => {
    expect(refusalOf(() => publishFlow(empty, account, NOW))).toContain("needs two channels");
    expect(refusalOf(() => publishFlow(first, account, NOW))).toContain("needs two channels");
    const usual = { wanted: "DELIVERED", onFailure: "NEXT" } as const;
    const steps = [
      { channel: "viber" as const, ...usual },
      { channel: "sms" as const, ...usual },
    ];
    const foreign = { versions: [], draft: { steps } };
    expect(refusalOf(() => publishFlow(foreign, account, NOW))).toContain("SMS or WhatsApp");
    expect(refusalOf(() => publishFlow(foreign, account, NOW))).toContain(
      "channel 2 needs a delay",
    );
  });

  it("gives the flow its workflow instance id, which it keeps", () => {
    expect(flowView("f", both, account)).not.toHaveProperty("workflowInstanceId");
    const published = publishFlow(both, account, NOW);
    const shown = { status: "PUBLISHED", workflowInstanceId: "f", hasUnpublishedChanges: false };
    expect(flowView("f", published, account)).toMatchObject(shown);
    const unpublished = flowView("f", unpublish(published), account);
    expect(unpublished).toMatchObject({ status: "DRAFT", workflowInstanceId: "f" });
    expect(unpublished.secondChannel).toEqual(flowView("f", published, account).secondChannel);
  });

  it("puts an edit in force, which nothing else does", () => {
    const published = publishFlow(both, account, NOW);
    const edited = withSecondChannel(published, { ...thenBySms, delay: 5 }, account);
    expect(flowView("f", edited, account)).toMatchObject({
      status: "PUBLISHED",
      hasUnpublishedChanges: true,
      secondChannel: { delay: 5 },
    });
    expect([edited.published, publishFlow(edited, account, NOW).published]).toEqual([1, 2]);
    expect(refusalOf(() => publishFlow(published, account, NOW))).toContain("409");
  });
});

it("a flow is deleted once it is not published", () => {
  expect(deletable(both)).toBeNull();
  expect(refusalOf(() => deletable(publishedFlow()))).toContain("409");
});

it("a clone has the channels and a title of its own, and is a draft", () => {
  const clone = flowView("g", cloneOf(publishedFlow(), "More orders"), account);
  expect(clone).toMatchObject({ title: "More orders", status: "DRAFT" });
  const { firstChannel, secondChannel } = flowView("f", publishedFlow(), account);
  expect(clone).toMatchObject({ firstChannel, secondChannel });
});

it("a flow with other channels, or with one twice, is none of Kaleyra's", () => {
  const usual = { wanted: "DELIVERED", onFailure: "NEXT" } as const;
  const flow = (...channels: ("sms" | "viber")[]) => ({
    versions: [],
    draft: { steps: channels.map((channel) => ({ channel, ...usual })) },
  });
  expect([flow(), flow("sms"), flow("sms", "sms"), flow("viber")].map(isKaleyraFlow)).toEqual([
    true,
    true,
    false,
    false,
  ]);
});
