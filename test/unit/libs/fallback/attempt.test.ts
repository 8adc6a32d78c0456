import { describe, expect, it } from "vitest";
import { stateAfter } from "#test/support/given.ts";
import { cancel, report, START, sent, threeSteps, tick } from "#test/support/journal-entry.ts";

/** The first attempt of a message that was told `told`. */
function firstAttempt(...told: Parameters<typeof stateAfter>) {
  return stateAfter(sent(threeSteps), ...told).attempts[0];
}
const accepted = report(0, "ACCEPTED", 1, { providerMessageId: "a", segmentCount: 3 });
const failed = report(0, "FAILED", 2, { errorCode: "131026", errorClass: "PERMANENT" });

describe("an attempt", () => {
  it("knows when it started and when its wait ends", () => {
    expect(firstAttempt()).toMatchObject({
      startedAt: START,
      deadlineAt: START + 60_000,
      status: null,
      endedAt: null,
    });
  });

  it("keeps what later reports leave out", () => {
    expect(firstAttempt(accepted, failed, report(0, "DELIVERED", 3))).toMatchObject({
      status: "DELIVERED",
      providerMessageId: "a",
      segmentCount: 3,
      errorCode: "131026",
      errorClass: "PERMANENT",
    });
  });

  it("takes what later reports say anew", () => {
    const again = { providerMessageId: "a", segmentCount: 2, errorCode: "1" };
    expect(firstAttempt(accepted, report(0, "SENT", 2, again))).toMatchObject(again);
  });

  it("ends when its step is left, whatever comes later", () => {
    const left = [tick(60_000), report(0, "DELIVERED", 60_001), cancel(60_002)];
    expect(firstAttempt(...left)?.endedAt).toBe(START + 60_000);
  });

  it("ends with its message", () => {
    expect(firstAttempt(report(0, "READ", 5))?.endedAt).toBe(START + 5);
  });
});
