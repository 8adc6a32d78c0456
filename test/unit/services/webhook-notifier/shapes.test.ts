import { describe, expect, it } from "vitest";
import type { JournalEntry, SendRequest } from "#libs/contracts/generated/types.ts";
import { eightByEightBody } from "#libs/dialects/8x8/receipts/receipt.ts";
import { nativeBody } from "#libs/dialects/native/notification.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { templateName } from "#libs/settings/account.ts";
import { tellables } from "#services/webhook-notifier/tellable.ts";
import {
  cancel,
  entryAfter,
  faultOf,
  report,
  START,
  sent,
  step,
  tick,
} from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const steps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
const fault = { errorCode: "131026", errorClass: "PERMANENT", errorText: "no such user" } as const;
const inputs = [
  sent(steps),
  report(0, "SENT", 100),
  report(0, "FAILED", 200, fault),
  report(1, "SENT", 300),
  report(1, "DELIVERED", 400),
];
const entry = entryAfter(inputs);
const order = {
  channel: "whatsapp",
  name: "order_shipped",
  language: "en",
  category: "utility",
} as const;
const templates = new Map([[templateName(order), order]]);
const request = storedRequest({ clientMessageId: "c1", batchId: "b1", clientBatchId: "cb1" });

function bodies(format: "native" | "8x8", of: JournalEntry = entry, more = request) {
  return tellables(of, { format, now: START }).map((each) => {
    const receipted = { entry: of, request: more, templates, prices: new Map() };
    return JSON.parse(
      format === "8x8" ? eightByEightBody(each, receipted) : nativeBody(each, of, more),
    );
  });
}

describe("8x8's shape", () => {
  it("tells the transition of channels in 8x8's words", () => {
    const words = bodies("8x8").map(({ payload }) => [payload.channel, payload.status.state]);
    expect(words).toEqual([
      ["whatsapp", "sent"],
      ["whatsapp", "undelivered"],
      ["sms", "sent"],
      ["sms", "delivered"],
    ]);
  });

  it("is version 9, with our step, final and flowId beside", () => {
    expect(bodies("8x8")[1]).toEqual({
      version: 9,
      namespace: "ChatApps",
      eventType: "outbound_message_status_changed",
      description: "ChatApps outbound message delivery receipt",
      payload: {
        umid: "m-1",
        batchId: "b1",
        clientMessageId: "c1",
        clientBatchId: "cb1",
        subAccountId: "demo",
        channel: "whatsapp",
        user: { msisdn: "+6591234567" },
        status: {
          state: "undelivered",
          detail: "rejected_by_operator",
          timestamp: new Date(START + 200).toISOString(),
          errorCode: 15,
          errorMessage: "Invalid destination (provider's code 131026)",
        },
        whatsapp: { providerErrorCode: "131026" },
        step: 1,
        nextChannel: "sms",
        final: false,
      },
    });
    expect(bodies("8x8").at(-1)).toMatchObject({ payload: { step: 2, final: true } });
  });
});

const content = (type: "TEMPLATE" | "TEXT", rich: object | null) => ({
  ...request.content,
  type,
  richJson: rich && JSON.stringify(rich),
});

/** State, price and kind of content of each receipt. */
function ofWhatsApp(said: SendRequest["content"], ...reports: FallbackInput[]) {
  const after = entryAfter([sent(steps), ...reports]);
  return bodies("8x8", after, { ...request, content: said }).map(({ payload }) => [
    payload.status.state,
    payload.whatsapp?.pricingCategory,
    payload.outboundContent?.contentType,
  ]);
}

describe("8x8's shape of what goes by WhatsApp", () => {
  const template = { name: "order_shipped", language: "en" };
  const all = (["ACCEPTED", "SENT", "DELIVERED", "READ"] as const).map((status, index) =>
    report(0, status, index + 1),
  );

  it("has the price's category with sent and the arrival, and the content where 8x8 has it", () => {
    expect(ofWhatsApp(content("TEMPLATE", { template }), ...all)).toEqual([
      ["queued", undefined, "template"],
      ["sent", "utility", undefined],
      ["delivered", "utility", "template"],
      ["read", undefined, undefined],
    ]);
    expect(ofWhatsApp(content("TEXT", null), ...all)[1]).toEqual(["sent", "service", undefined]);
    expect(ofWhatsApp(content("TEXT", null), report(0, "READ", 1))).toEqual([
      ["read", "service", undefined],
    ]);
  });

  it("says nothing of what a template costs that the account has not told of", () => {
    const other = { ...template, language: "de" };
    expect(ofWhatsApp(content("TEMPLATE", { template: other }), ...all)[1]).toEqual([
      "sent",
      undefined,
      undefined,
    ]);
  });

  it("tells neither of another channel", () => {
    for (const { payload } of bodies("8x8").filter((each) => each.payload.channel === "sms")) {
      expect(payload).not.toHaveProperty("sms");
      expect(payload).not.toHaveProperty("outboundContent");
    }
  });
});

describe("8x8's shape of what no status tells", () => {
  it("says that a step was left by time, and where it goes on", () => {
    const after = report(0, "DELIVERED", 70_000);
    expect(told(sent(steps), report(0, "SENT", 100), tick(60_000), after)).toEqual([
      ["whatsapp", "sent", undefined, undefined, false],
      ["whatsapp", "undelivered", 36, "sms", false],
      ["whatsapp", "delivered", undefined, undefined, true],
    ]);
  });

  it("calls nothing undelivered that was delivered and left unread", () => {
    const toRead = [step("whatsapp", 60_000, "READ"), step("sms", null, "DELIVERED")];
    expect(told(sent(toRead), report(0, "DELIVERED", 100), tick(60_000)).at(-1)).toEqual([
      "whatsapp",
      "delivered",
      undefined,
      "sms",
      false,
    ]);
  });

  it.each([
    ["expired", { expiresAt: START + 1_000 }, tick(1_000), ["whatsapp", "undelivered", 36]],
    ["canceled", {}, cancel(1_000), ["whatsapp", "undelivered", 25]],
    ["invalid", { faults: [faultOf("unknown-flow")] }, tick(1_000), [undefined, "rejected", 18]],
  ])("says that the message is %s", (_, more, last, expected) => {
    const events = told(sent(steps, more), last);
    expect(events).toEqual([[...expected, undefined, true]]);
  });

  it("says the last known status once more where no final word came", () => {
    const closing = [step("sms", 60_000, "DELIVERED")];
    expect(told(sent(closing), report(0, "SENT", 100), tick(60_000))).toEqual([
      ["sms", "sent", undefined, undefined, false],
      ["sms", "sent", undefined, undefined, true],
    ]);
  });

  it("takes back no end because the message is on its way", () => {
    const history = [sent(steps), report(0, "ACCEPTED", 100), cancel(200), report(0, "SENT", 300)];
    expect(told(...history).slice(1)).toEqual([
      ["whatsapp", "undelivered", 25, undefined, true],
      ["whatsapp", "undelivered", 25, undefined, true],
    ]);
  });

  it("calls only the last of two statuses of one millisecond final", () => {
    const both = [report(0, "SENT", 100), report(0, "DELIVERED", 100)];
    expect(told(sent(steps), ...both).map((event) => event.at(-1))).toEqual([false, true]);
  });
});

describe("the native shape", () => {
  it("tells what started, every status and the outcome, each with its sentence", () => {
    expect(bodies("native").map(({ type }) => type)).toEqual([
      "message.attempt-started",
      "message.status",
      "message.status",
      "message.attempt-started",
      "message.status",
      "message.status",
      "message.ended",
    ]);
    expect(bodies("native")[2]).toMatchObject({
      id: expect.stringMatching(/^ntf_[0-9a-f]{32}$/),
      at: new Date(START + 200).toISOString(),
      data: {
        messageId: "m-1",
        accountId: "demo",
        clientMessageId: "c1",
        batchId: "b1",
        attemptIndex: 0,
        channel: "whatsapp",
        status: "FAILED",
        errorCode: "131026",
        text: 'WhatsApp reported failed (code 131026, permanent: "no such user").',
      },
    });
    const data = { outcome: "SUCCEEDED", revision: 1, duplicate: false, lateSuccess: false };
    expect(bodies("native").at(-1)).toMatchObject({ data });
  });

  it("tells late news as an amendment with a revision of its own", () => {
    const amended = entryAfter([sent(steps), tick(60_000), ...inputs.slice(3).map(later), late()]);
    const data = { revision: 2, duplicate: true, channel: "whatsapp" };
    expect(bodies("native", amended).at(-1)).toMatchObject({ type: "message.amended", data });
  });
});

describe("an event's id", () => {
  it("is the same in every entry, whichever versions were skipped", () => {
    const all = idsAfter(inputs.length);
    expect(new Set(all).size).toBe(all.length);
    for (let count = 1; count < inputs.length; count++) {
      const before = idsAfter(count);
      expect(before).toEqual(all.slice(0, before.length));
    }
  });

  it("is another message's own", () => {
    const other = entryAfter(inputs, { messageId: "m-2", accountId: "demo" });
    const ids = tellables(other, { format: "native", now: START }).map(({ id }) => id);
    expect(ids.filter((id) => idsAfter(inputs.length).includes(id))).toEqual([]);
  });
});

it("is not told a week later", () => {
  const now = START + 8 * 24 * 3_600_000;
  expect(tellables(entry, { format: "native", now })).toEqual([]);
});

/** What 8x8's shape tells after these: channel, state, error code, next channel, final. */
function told(...history: Parameters<typeof entryAfter>[0]) {
  return bodies("8x8", entryAfter(history)).map(({ payload }) => {
    const { channel, status, nextChannel, final } = payload;
    return [channel, status.state, status.errorCode, nextChannel, final];
  });
}

function later(input: (typeof inputs)[number]) {
  return { ...input, at: START + 61_000 };
}

function late() {
  return report(0, "DELIVERED", 62_000);
}

function idsAfter(count: number): string[] {
  const partly = entryAfter(inputs.slice(0, count));
  return tellables(partly, { format: "native", now: START }).map(({ id }) => id);
}
