import { expect, it } from "vitest";
import type { Step } from "#libs/fallback/state.ts";
import type { Behaviour } from "#libs/providers/simulated/behaviour.ts";
import { duplicateReason } from "#libs/rehearsal/duplicate-reason.ts";
import { duplicateRisk } from "#libs/rehearsal/duplicate-risk.ts";
import { step } from "#test/support/journal-entry.ts";
import { rehearsed } from "#test/support/rehearsed.ts";

function whatsAppThenSms(ttlSeconds: number | null = null): Step[] {
  return [{ ...step("whatsapp", 60_000, "DELIVERED"), ttlSeconds }, step("sms", null, "DELIVERED")];
}

function riskOf(steps: Step[], ...behaviours: Behaviour[]) {
  return duplicateRisk(rehearsed(steps, ...behaviours));
}

it.each<[string, number | null, Behaviour[]]>([
  ["none", null, ["read"]],
  ["none", null, ["undelivered", "read"]],
  ["none", null, ["refused", "sent"]],
  ["possible", null, ["sent", "read"]],
  ["possible", null, ["sent", "sent"]],
  ["possible", 61, ["sent", "read"]],
  ["none", 60, ["sent", "read"]],
  ["certain", null, ["late", "read"]],
  // What is tried no longer than the step waits does not come late.
  ["none", 60, ["late", "read"]],
])("is %s for a TTL of %s s and %s", (risk, ttlSeconds, behaviours) => {
  expect(riskOf(whatsAppThenSms(ttlSeconds), ...behaviours).risk).toBe(risk);
});

it.each<Behaviour>(["sent", "silent", "late"])(
  "is none on RCS, which takes %s back",
  (behaviour) => {
    const rcsThenSms = [step("rcs", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
    expect(riskOf(rcsThenSms, behaviour, "read")).toEqual({ risk: "none" });
  },
);

it("is possible where a call is repeated, and none where the carrier knows it again", () => {
  const [sms, rcs] = [[step("sms", null, "DELIVERED")], [step("rcs", null, "DELIVERED")]];
  expect(riskOf(sms, "answer-lost")).toEqual({
    risk: "possible",
    because: "called-again",
    attemptIndexes: [0],
  });
  expect(riskOf(rcs, "answer-lost")).toEqual({ risk: "none" });
});

it("says in a sentence which channels it is about", () => {
  const steps = whatsAppThenSms();
  const reason = (...behaviours: Behaviour[]) =>
    duplicateReason(riskOf(steps, ...behaviours), steps);
  expect(reason("late", "read")).toBe("WhatsApp and SMS reach the person.");
  expect(reason("sent", "read")).toMatch(/^WhatsApp and SMS may reach the person/);
  expect(reason("read")).toBeNull();
});
