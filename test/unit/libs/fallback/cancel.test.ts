import { describe, expect, it } from "vitest";
import { timerDueAt } from "#libs/fallback/state.ts";
import { accepted, changed, ended, given, stateAfter } from "#test/support/given.ts";
import { cancel, report, START, sent, threeSteps, tick } from "#test/support/journal-entry.ts";

const requested = { type: "CANCEL_REQUESTED", rule: "cancel" } as const;
const overtaking = { type: "CANCEL_REQUESTED", rule: "cancel-before-request" } as const;
const canceled = ended("CANCELED", "canceled");

describe("a cancel", () => {
  it("stops what has not started", () => {
    given(sent(threeSteps))
      .when(cancel(1, "changed my mind"))
      .decides({ ...requested, detail: "changed my mind" }, canceled);
    given(sent(threeSteps), cancel(1)).when(tick(60_000)).decides();
    given(sent(threeSteps), cancel(1))
      .when(report(0, "FAILED", 2))
      .decides(changed(0, "FAILED"));
  });

  it("stops a message that waits for its start", () => {
    const later = sent(threeSteps, { scheduledAt: START + 1_000 });
    given(later).when(cancel(1)).decides(requested, canceled);
    given(later, cancel(1)).when(tick(1_000)).decides();
  });

  it("that is delivered again decides nothing", () => {
    given(sent(threeSteps), cancel(1)).when(cancel(2)).decides();
  });

  it("after the end decides nothing", () => {
    given(sent(threeSteps), report(0, "READ", 1))
      .when(cancel(2))
      .decides();
  });
});

describe("a cancel that overtakes its request", () => {
  it("is remembered, without a timer", () => {
    given().when(cancel(0)).decides(overtaking);
    given(cancel(0)).when(cancel(1)).decides();
    given(cancel(0)).when(tick(1)).decides();
    expect(timerDueAt(stateAfter(cancel(0)))).toBeNull();
  });

  it("ends the request as canceled before anything starts", () => {
    given(cancel(0)).when(sent(threeSteps)).decides(accepted(), canceled);
    given(cancel(0), sent(threeSteps)).when(sent(threeSteps)).decides();
  });

  it("ends a scheduled request as well", () => {
    given(cancel(0))
      .when(sent(threeSteps, { scheduledAt: START + 1_000 }))
      .decides(accepted("scheduled"), canceled);
  });

  it("leaves a request that was never valid rejected", () => {
    given(cancel(0)).when(sent([])).decides(ended("REJECTED", "invalid-request"));
  });
});
