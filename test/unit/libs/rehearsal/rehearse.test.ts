import { describe, expect, it } from "vitest";
import type { Recipient } from "#libs/contracts/generated/types.ts";
import type { Behaviour } from "#libs/providers/simulated/behaviour.ts";
import { endingOf } from "#libs/rehearsal/ending.ts";
import { rehearse } from "#libs/rehearsal/rehearse.ts";
import { faultOf, START, sent, step, threeSteps } from "#test/support/journal-entry.ts";
import { messageOf, noRules, rehearsed, statusesOf, told } from "#test/support/rehearsed.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const twoSteps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];

describe("8x8's three steps", () => {
  it("go through all channels at 0, 60 and 120 s where all are silent", () => {
    const all = rehearsed(threeSteps, "silent", "silent", "silent");
    expect(told(all)).toEqual([
      "0 accepted",
      "0 first-step",
      "60 wait-ended",
      "60 next-step",
      "120 wait-ended",
      "120 next-step",
      // Reports about the last attempt are taken for 72 h.
      `${120 + 72 * 3_600} listening-ended`,
    ]);
    expect(all.callCounts).toEqual([1, 1, 1]);
    expect(endingOf(all)).toEqual({
      outcome: "UNCONFIRMED",
      channel: null,
      duplicate: false,
      durationMs: (120 + 72 * 3_600) * 1_000,
    });
  });

  it("send a second copy where WhatsApp is delivered and nobody reads it", () => {
    const { state } = rehearsed(threeSteps, "delivered", "read");
    expect(state).toMatchObject({ outcome: "SUCCEEDED", succeededIndex: 1, duplicate: true });
  });
});

describe("a behaviour", () => {
  it.each<[Behaviour, string[], string[]]>([
    ["read", ["0 ACCEPTED", "1 SENT", "2 DELIVERED", "4 READ"], ["2 wanted-status-reached"]],
    ["delivered", ["0 ACCEPTED", "1 SENT", "2 DELIVERED"], ["2 wanted-status-reached"]],
    [
      "sent",
      ["0 ACCEPTED", "1 SENT"],
      ["60 wait-ended", "60 next-step", "62 wanted-status-reached"],
    ],
    ["refused", ["0 REJECTED"], ["0 failure-report", "0 next-step", "2 wanted-status-reached"]],
    ["silent", ["0 ACCEPTED"], ["60 wait-ended", "60 next-step", "62 wanted-status-reached"]],
    [
      "undelivered",
      ["0 ACCEPTED", "1 SENT", "2 UNDELIVERED"],
      ["2 failure-report", "2 next-step", "4 wanted-status-reached"],
    ],
    [
      "late",
      ["0 ACCEPTED", "1 SENT", "78 DELIVERED"],
      ["60 wait-ended", "60 next-step", "62 wanted-status-reached", "78 late-success"],
    ],
    ["out-of-order", ["0 ACCEPTED", "1 DELIVERED"], ["1 wanted-status-reached"]],
    [
      "temporarily-refused",
      ["3 ACCEPTED", "4 SENT", "5 DELIVERED", "7 READ"],
      ["5 wanted-status-reached"],
    ],
    [
      "answer-lost",
      ["1 SENT", "2 DELIVERED", "4 READ"],
      ["0 unknown-status", "2 wanted-status-reached"],
    ],
  ])("%s goes through its statuses and leads on", (behaviour, statuses, decisions) => {
    const played = rehearsed(twoSteps, behaviour, "read");
    expect(statusesOf(played)).toEqual(statuses);
    expect(told(played)).toEqual(["0 accepted", "0 first-step", ...decisions]);
  });

  it("never reads an SMS", () => {
    const played = rehearsed([step("sms", null, "DELIVERED")], "read");
    expect(statusesOf(played)).toEqual(["0 ACCEPTED", "1 SENT", "2 DELIVERED"]);
  });

  it("refuses a step for good that has no time left for another try", () => {
    const hasty = [step("whatsapp", 2_500, "DELIVERED"), step("sms", null, "DELIVERED")];
    const played = rehearsed(hasty, "temporarily-refused", "read");
    expect(statusesOf(played)).toEqual(["1 FAILED"]);
    expect(played.callCounts).toEqual([2, 1]);
  });

  it("loses the receipts too where the carrier does not give the reference back", () => {
    const viber = [step("viber", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
    const played = rehearsed(viber, "answer-lost", "read");
    expect(statusesOf(played)).toEqual([]);
    expect(played.state).toMatchObject({ outcome: "SUCCEEDED", succeededIndex: 1 });
  });

  it("has the call repeated openly where a lost answer is the last step's", () => {
    const played = rehearsed([step("sms", null, "DELIVERED")], "answer-lost");
    expect(played.callCounts).toEqual([2]);
    expect(told(played)).toContain("0 unknown-status");
    expect(statusesOf(played)).toEqual(["1 ACCEPTED", "2 SENT", "3 DELIVERED"]);
  });
});

describe("a request", () => {
  it("is refused as the real one would be", () => {
    const message = messageOf(twoSteps, { faults: [faultOf("unknown-flow")] });
    const { events, state, callCounts } = rehearse(message, ["read"]);
    expect(state.outcome).toBe("REJECTED");
    expect(events).toMatchObject([{ rule: "invalid-request", detail: "unknown-flow" }]);
    expect(callCounts).toEqual([]);
  });

  it("starts when it is scheduled, and its duration counts from there", () => {
    const played = rehearse(messageOf(twoSteps, { scheduledAt: START + 3_600_000 }), ["read"]);
    expect(told(played)).toEqual(["0 scheduled", "3600 first-step", "3602 wanted-status-reached"]);
    expect(endingOf(played).durationMs).toBe(2_000);
  });

  it("ends at its own deadline", () => {
    const played = rehearse(messageOf(twoSteps, { expiresAt: START + 30_000 }), ["silent"]);
    expect(told(played).at(-1)).toBe("30 expired");
  });

  it("keeps late reports to the story where it says so", () => {
    const message = messageOf(twoSteps, { lateReports: "IGNORE" });
    const played = rehearse(message, ["late", "read"]);
    expect(told(played).at(-1)).toBe("78 late-reports-ignored");
    expect(played.state).toMatchObject({ revision: 1, duplicate: false });
  });

  it("counts a report that comes at the very instant of its deadline", () => {
    const steps = [step("whatsapp", 2_000, "DELIVERED"), step("sms", null, "DELIVERED")];
    expect(told(rehearsed(steps, "delivered")).at(-1)).toBe("2 wanted-status-reached");
  });

  it("drops a call that a success of the step before overtakes", () => {
    const steps = [step("whatsapp", 2_000, "DELIVERED"), step("sms", null, "DELIVERED")];
    // WhatsApp delivers after 2.6 s; SMS is refused at 2 s and would be called again at 3 s.
    const played = rehearsed(steps, "late", "temporarily-refused");
    expect(told(played)).toContain("2.6 earlier-attempt-succeeded");
    expect(statusesOf(played, 1)).toEqual(["3 EXPIRED"]);
    expect(played.callCounts).toEqual([1, 1]);
  });

  it("finds no address on a channel on which the person has none", () => {
    const recipient = { msisdn: null, country: null, channelUserIds: { sms: "+6591234567" } };
    const request = storedRequest({ recipient });
    const played = rehearse({ request, input: sent(twoSteps), account: noRules }, ["read", "read"]);
    expect(played.events).toContainEqual(expect.objectContaining({ errorCode: "no-address" }));
    expect(endingOf(played)).toMatchObject({ outcome: "SUCCEEDED", channel: "sms" });
  });

  it("counts the segments of the step's own SMS", () => {
    const content = { type: "TEXT", richJson: null, fallbackText: null, sms: null } as const;
    const text = "x".repeat(200);
    const request = storedRequest({ content: { ...content, text } });
    const input = sent([step("sms", null, "DELIVERED")]);
    expect(
      rehearse({ request, input, account: noRules }, ["read"]).state.attempts[0]?.segmentCount,
    ).toBe(2);
  });
});

it("calls a carrier at the address that a step has of its own, and at no other", () => {
  const input = sent(twoSteps);
  const recipient = { msisdn: null, country: null, channelUserIds: { whatsapp: "US.1" } };
  const lost = { ...recipient, channelUserIds: {} };
  const rehearseTo = (...own: (Recipient | null)[]) => {
    const steps = twoSteps.map(({ channel }, index) => {
      return requestedStep(channel, { recipient: own[index] ?? null });
    });
    const request = storedRequest({ recipient, steps });
    return rehearse({ request, input, account: noRules }, ["refused", "delivered"]).state.attempts;
  };
  const number = { ...recipient, channelUserIds: { sms: "+6598765432" } };
  expect(rehearseTo(null, number).at(-1)).toMatchObject({ status: "DELIVERED" });
  expect(rehearseTo(lost, null)).toMatchObject([
    { errorCode: "no-address" },
    { errorCode: "no-address" },
  ]);
});
