import { describe, expect, it } from "vitest";
import type { Channel } from "#libs/contracts/topics.ts";
import {
  type BehaviourInput,
  behaviourOf,
  digitOf,
} from "#services/carrier-simulator/behaviour.ts";

type Given = Partial<BehaviourInput> & { recipient: string };

function behave(given: Given) {
  const usual = { channel: "sms", waitMs: undefined, ttlMs: undefined, timeScale: 1 } as const;
  return behaviourOf({ ...usual, callCount: 1, ...given });
}

/** `sent@1000 delivered@2000`: each receipt and its delay, ms. */
function receiptsOf(given: Given): string {
  const behaviour = behave(given);
  if (behaviour.answer === "refuse") return "";
  return behaviour.receipts.map(({ status, afterMs }) => `${status}@${afterMs}`).join(" ");
}

describe("digitOf", () => {
  it.each<[Channel, string]>([
    ["sms", "4"],
    ["viber", "3"],
    ["whatsapp", "2"],
    ["rcs", "1"],
  ])("reads the digit of %s at its place from the right", (channel, digit) => {
    expect(digitOf("+65999901234", channel)).toBe(digit);
  });

  it("takes 0 for a recipient that is too short or has no digit there", () => {
    expect(digitOf("12", "rcs")).toBe("0");
    expect(digitOf("US.13491208655302741918x", "sms")).toBe("0");
  });
});

describe("behaviourOf", () => {
  it.each([
    ["0", "sent@1000 delivered@2000 read@4000"],
    ["1", "sent@1000 delivered@2000"],
    ["2", "sent@1000"],
    ["4", ""],
    ["5", "sent@1000 undelivered@2000"],
    ["6", "sent@1000 delivered@78000"],
    ["7", "delivered@1000 delivered@1000 sent@2000 sent@2000 delivered@4000"],
  ])("accepts digit %s of WhatsApp and then says: %s", (digit, expected) => {
    const recipient = `+6599990${digit}00`;
    expect(behave({ channel: "whatsapp", recipient }).answer).toBe("accept");
    expect(receiptsOf({ channel: "whatsapp", recipient })).toBe(expected);
  });

  it("never says read of an SMS", () => {
    expect(receiptsOf({ recipient: "+6599990000" })).toBe("sent@1000 delivered@2000");
  });

  it("delivers digit 6 at 1.3 times the step's wait, which is scaled already", () => {
    const late = { recipient: "+6599990006", waitMs: 10_000, timeScale: 0.1 };
    expect(receiptsOf(late)).toBe("sent@100 delivered@13000");
    expect(receiptsOf({ ...late, ttlMs: 13_000 })).toBe("sent@100 delivered@13000");
    // Nothing is delivered once its time to live is over, and nobody says so.
    expect(receiptsOf({ ...late, ttlMs: 10_000 })).toBe("sent@100");
  });

  it.each<[Channel, string]>([
    ["whatsapp", "131026"],
    ["viber", "9"],
    ["rcs", "404"],
    ["sms", "59"],
  ])("refuses digit 3 of %s for good with the code %s", (channel, code) => {
    const answer = { answer: "refuse", code, temporary: false };
    expect(behave({ channel, recipient: "+6599993333" })).toEqual(answer);
  });

  it("refuses digit 8 twice as temporary, then takes it as 0", () => {
    const recipient = "+6599990008";
    const refused = { answer: "refuse", code: "50", temporary: true };
    expect(behave({ recipient, callCount: 1 })).toEqual(refused);
    expect(behave({ recipient, callCount: 2 })).toEqual(refused);
    expect(behave({ recipient, callCount: 3 }).answer).toBe("accept");
    expect(receiptsOf({ recipient, callCount: 3 })).toBe("sent@1000 delivered@2000");
  });

  it("cuts the first call of digit 9 and goes on as 0", () => {
    const recipient = "+6599990009";
    expect(behave({ recipient, callCount: 1 }).answer).toBe("cut");
    expect(behave({ recipient, callCount: 2 }).answer).toBe("accept");
    expect(receiptsOf({ recipient })).toBe("sent@1000 delivered@2000");
  });
});
