// What a customer's request becomes for the decider, and the code of each that cannot be carried out.
import { expect, it } from "vitest";
import type { SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { toFallbackInput } from "#libs/message-flow/message-input.ts";
import { demoSettings } from "#libs/settings/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const DAY_MS = 24 * 3_600_000;

function read(request: SendRequest, timeScale = 1) {
  const { messageId, accountId } = request;
  const input = { type: "SendRequest", messageId, accountId, request, traceparent: "" } as const;
  const fallbackInput = toFallbackInput(input, { now: START, settings: demoSettings(), timeScale });
  if (fallbackInput.type !== "SendRequest") throw new Error("A request became something else.");
  return fallbackInput;
}

function step(more: Partial<Step> = {}): Step {
  const blank = { sender: null, waitSeconds: 60, onFailure: "NEXT", ttlSeconds: null } as const;
  return { channel: "whatsapp", wanted: "READ", ...blank, ...more };
}

it("scales waits and gives a step without a sender the account's", () => {
  const { steps, refusal } = read(storedRequest({ steps: [step(), step({ sender: "ME" })] }), 0.05);
  expect(refusal).toBeNull();
  expect(steps).toMatchObject([
    { waitMs: 3_000, sender: "FALLTHRU" },
    { waitMs: 3_000, sender: "ME" },
  ]);
});

it("takes the account's default flow where a request names no steps", () => {
  const { steps } = read(storedRequest());
  expect(steps).toMatchObject([
    { channel: "whatsapp", waitMs: 300_000, wanted: "DELIVERED" },
    { channel: "sms", waitMs: null, wanted: "DELIVERED" },
  ]);
});

it.each<[string, Partial<SendRequest>]>([
  ["unknown-account", { accountId: "nobody" }],
  ["unknown-flow", { flowId: "none", steps: [] }],
  ["unknown-channel", { steps: [step({ channel: "fax" })] }],
  ["unknown-wanted-status", { steps: [step({ wanted: "UNKNOWN" })] }],
  ["impossible-wait", { steps: [step({ waitSeconds: 0 })] }],
  ["impossible-wait", { steps: [step({ waitSeconds: 259_201 })] }],
  ["no-recipient", { recipient: { msisdn: null, country: null, channelUserIds: {} } }],
  ["schedule-too-far", { scheduledAt: START + 31 * DAY_MS }],
])("refuses with %s", (code, more) => {
  expect(read(storedRequest({ steps: [step()], ...more })).refusal).toBe(code);
});

it("takes a recipient who is only known by an id on a channel", () => {
  const recipient = { msisdn: null, country: null, channelUserIds: { whatsapp: "US.1" } };
  expect(read(storedRequest({ recipient })).refusal).toBeNull();
});
