// What a customer's request becomes for the decider, and the code of each that cannot be carried out.
import { expect, it } from "vitest";
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { nothingOwn } from "#libs/contracts/own-of-step.ts";
import { toFallbackInput } from "#libs/message-flow/message-input.ts";
import { type BodyOf, type Kind, withBody } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const DAY_MS = 24 * 3_600_000;

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const setting = <K extends Kind>(kind: K, name: string, body: BodyOf<K>) =>
  withBody({ ...stamp, kind, name }, body);
const sms = [{ channel: "sms", wanted: "DELIVERED", onFailure: "NEXT" } as const];
const published = {
  published: 2,
  versions: [
    { version: 1, steps: [...sms, ...sms], publishedAt: "2026-11-01T00:00:00Z" },
    { version: 2, steps: sms, publishedAt: "2026-11-01T00:00:00Z" },
  ],
};
const settings = demoView(
  setting("flow", "two", published),
  setting("flow", "draft", { draft: { steps: sms }, versions: [] }),
  setting("channel", "rcs", { senders: ["RCS"], smsFallback: true, enabled: false }),
  setting("channel", "viber", { senders: ["V"], smsFallback: false, enabled: true }),
  setting("sms-sender", "ACME", {}),
  withBody(
    { ...stamp, accountId: "bare", kind: "account", name: "bare" },
    { name: "B", guid: "b".repeat(32), defaultWaitSeconds: 300, smsSegmentsMax: 1 },
  ),
);

function read(request: SendRequest, timeScale = 1) {
  const { messageId, accountId } = request;
  const bytes = Buffer.alloc(0);
  const sent = { messageId, accountId, request, faults: [], bytes, traceparent: "" };
  const input = { type: "SendRequest", ...sent } as const;
  const fallbackInput = toFallbackInput(input, {
    now: START,
    apartMs: 0,
    settings,
    timeScale,
    accountId,
  });
  if (fallbackInput.type !== "SendRequest") throw new Error("A request became something else.");
  return fallbackInput;
}

function step(more: Partial<Step> = {}): Step {
  const said = { sender: null, ttlSeconds: null, ...nothingOwn };
  const blank = { ...said, waitSeconds: 60, onFailure: "NEXT" } as const;
  return { channel: "whatsapp", wanted: "READ", ...blank, ...more };
}

it("scales waits and gives a step without a sender the account's", () => {
  const { steps, faults } = read(
    storedRequest({ steps: [step(), step({ channel: "sms", sender: "ACME" })] }),
    0.05,
  );
  expect(faults).toEqual([]);
  expect(steps).toMatchObject([
    { waitMs: 3_000, sender: "FALLTHRU" },
    { waitMs: 3_000, sender: "ACME" },
  ]);
});

it("says the name that an SMS goes out under, also where the flow says another", () => {
  const said = { type: "TEXT", text: "Hi", richJson: null, fallbackText: "Hi" } as const;
  const content = { ...said, sms: { encoding: "AUTO", source: "ACME" } as const };
  const { steps } = read(storedRequest({ content, steps: [step(), step({ channel: "sms" })] }));
  expect(steps).toMatchObject([{ sender: "FALLTHRU" }, { sender: "ACME" }]);
});

it("takes the account's default flow where a request names no steps", () => {
  const { steps } = read(storedRequest());
  expect(steps).toMatchObject([
    { channel: "whatsapp", waitMs: 300_000, wanted: "DELIVERED" },
    { channel: "sms", waitMs: null, wanted: "DELIVERED" },
  ]);
});

it("takes the version of a flow that is published", () => {
  const { steps, faults } = read(storedRequest({ flowId: "two" }));
  expect(faults).toEqual([]);
  expect(steps).toMatchObject([{ channel: "sms", sender: "FALLTHRU", waitMs: null }]);
});

const content = storedRequest().content;
const saying = (text: string) => ({ ...content, text });
const richJson = JSON.stringify({ template: { name: "otp", language: "en" } });
const card = { ...content, type: "TEMPLATE", text: null, richJson } as const;
const gsm = { encoding: "GSM", source: null } as const;
const bySms = (own: Step["content"] = null) => step({ channel: "sms", content: own });
const knownBy = (channelUserIds: Record<string, string>) => {
  return { msisdn: null, country: null, channelUserIds };
};
const from = (source: string) => ({ ...content, sms: { encoding: "AUTO" as const, source } });

it.each<[string, Partial<SendRequest>]>([
  ["unknown-account", { accountId: "nobody" }],
  ["no-flow", { accountId: "bare", steps: [] }],
  ["unknown-flow", { flowId: "draft", steps: [] }],
  ["unknown-channel", { steps: [step({ channel: "rcs" })] }],
  ["unknown-channel", { steps: [step({ channel: "constructor" })] }],
  ["unknown-sender", { steps: [step({ sender: "EVIL" })] }],
  ["unknown-sender", { content: from("EVIL") }],
  ["sms-fallback-off", { steps: [step({ channel: "viber" }), step({ channel: "sms" })] }],
  ["unknown-flow", { flowId: "none", steps: [] }],
  ["unknown-channel", { steps: [step({ channel: "fax" })] }],
  ["unknown-word", { steps: [step({ wanted: "UNKNOWN" })] }],
  ["impossible-wait", { steps: [step({ waitSeconds: 0 })] }],
  ["impossible-wait", { steps: [step({ waitSeconds: 259_201 })] }],
  ["no-recipient", { recipient: { msisdn: null, country: null, channelUserIds: {} } }],
  ...["", "006599920000", "+65 9992 0000", "99920000", "hello", "+65\n99920000"].flatMap((text) => {
    const inNumber = { msisdn: text, country: "SG", channelUserIds: { sms: "hello" } };
    return [
      ["bad-number", { recipient: inNumber }],
      ["bad-number", { recipient: knownBy({ whatsapp: "US.1", sms: text || "hello" }) }],
      ["bad-number", { recipient: knownBy({ rcs: text || "hello" }) }],
    ] satisfies [string, Partial<SendRequest>][];
  }),
  ["out-of-range", { recipient: knownBy({ whatsapp: "a\nb" }) }],
  ["no-recipient", { recipient: { ...knownBy({}), msisdn: "" } }],
  ["no-address", { recipient: knownBy({ viber: "v" }), steps: [bySms()] }],
  ["sms-without-text", { steps: [step(), bySms()], content: card }],
  ["sms-without-text", { steps: [], content: card }],
  ["sms-without-text", { steps: [bySms()], content: { ...content, fallbackText: "" } }],
  ["sms-without-text", { steps: [step(), bySms(card)] }],
  ["sms-too-long", { steps: [bySms()], content: saying("x".repeat(161)) }],
  ["sms-too-long", { steps: [bySms()], content: saying("я".repeat(71)) }],
  ["sms-too-long", { steps: [bySms(saying("x".repeat(161)))] }],
  ["sms-not-gsm", { steps: [bySms()], content: { ...saying("я"), sms: gsm } }],
  ["unknown-sender", { steps: [bySms(from("EVIL"))] }],
  ["schedule-too-far", { scheduledAt: START + 31 * DAY_MS }],
])("refuses with %s", (code, more) => {
  expect(read(storedRequest({ steps: [step()], ...more })).faults[0]?.code).toBe(code);
});

it.each<[string, Partial<SendRequest>]>([
  ["a card with a text for SMS", { content: { ...card, fallbackText: "Hello" } }],
  ["a card where the step by SMS says something else", { steps: [bySms(saying("Hello"))] }],
  ["a card that no step sends by SMS", { steps: [step()] }],
  ["160 GSM characters", { content: saying("x".repeat(160)) }],
])("takes %s", (_, more) => {
  const request = { content: card, steps: [step(), bySms()], ...more };
  expect(read(storedRequest(request)).faults).toEqual([]);
});

it("takes a recipient who is only known by an id on a channel", () => {
  expect(read(storedRequest({ recipient: knownBy({ whatsapp: "US.1" }) })).faults).toEqual([]);
  const byNumber = { recipient: knownBy({ sms: "+6599920000" }), steps: [bySms()] };
  expect(read(storedRequest(byNumber)).faults).toEqual([]);
});
