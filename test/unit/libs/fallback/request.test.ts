import { describe, expect, it } from "vitest";
import { timerDueAt } from "#libs/fallback/state.ts";
import { accepted, changed, ended, given, left, started, stateAfter } from "#test/support/given.ts";
import {
  faultOf,
  report,
  START,
  sent,
  step,
  threeSteps,
  tick,
} from "#test/support/journal-entry.ts";

const HOUR_MS = 3_600_000;

describe("a request", () => {
  it("is accepted and its first step starts", () => {
    given()
      .when(sent(threeSteps))
      .decides({ ...accepted(), dueAt: START }, started(0, 60_000));
  });

  it("that is delivered again decides nothing", () => {
    given(sent(threeSteps)).when(sent(threeSteps)).decides();
  });

  it("older than the acceptance window is stale: yesterday's message is never sent again", () => {
    given()
      .when(sent(threeSteps, { requestedAt: START - 24 * HOUR_MS }))
      .decides(accepted(), started(0, 60_000));
    given()
      .when(sent(threeSteps, { requestedAt: START - 24 * HOUR_MS - 1 }))
      .decides(ended("REJECTED", "stale-request", { detail: "stale-request" }));
  });

  it("that names what does not exist is rejected with its code", () => {
    given()
      .when(sent(threeSteps, { faults: [faultOf("unknown-flow")] }))
      .decides(ended("REJECTED", "invalid-request", { detail: "unknown-flow" }));
  });

  it("has one to ten steps", () => {
    const steps = Array.from({ length: 11 }, () => step("sms", 1_000, "DELIVERED"));
    given()
      .when(sent([]))
      .decides(ended("REJECTED", "invalid-request", { detail: "no-steps" }));
    given()
      .when(sent(steps))
      .decides(ended("REJECTED", "invalid-request", { detail: "too-many-steps" }));
    given()
      .when(sent(steps.slice(1)))
      .decides(accepted(), started(0, 1_000));
  });
});

describe("a scheduled request", () => {
  const later = sent(threeSteps, { scheduledAt: START + HOUR_MS });

  it("waits for its start", () => {
    given()
      .when(later)
      .decides({ ...accepted("scheduled"), dueAt: START + HOUR_MS });
    given(later)
      .when(tick(HOUR_MS - 1))
      .decides();
    expect(timerDueAt(stateAfter(later))).toBe(START + HOUR_MS);
  });

  it("starts when it is due", () => {
    given(later)
      .when(tick(HOUR_MS))
      .decides(started(0, HOUR_MS + 60_000));
  });

  it("for an instant that has passed starts at once", () => {
    given()
      .when(sent(threeSteps, { scheduledAt: START }))
      .decides({ ...accepted(), dueAt: START }, started(0, 60_000));
  });

  it("that is delivered again waits on", () => {
    given(later).when(later).decides();
  });

  it("for an instant past its own deadline expires unsent", () => {
    const never = sent(threeSteps, { scheduledAt: START + HOUR_MS, expiresAt: START + 60_000 });
    given(never).when(tick(60_000)).decides(ended("EXPIRED", "expired"));
  });
});

describe("a message's own deadline", () => {
  const start = sent(threeSteps, { expiresAt: START + 90_000 });

  it("caps the wait that runs", () => {
    given(start, tick(60_000)).when(tick(89_999)).decides();
    given(start, tick(60_000)).when(tick(90_000)).decides(ended("EXPIRED", "expired"));
    expect(timerDueAt(stateAfter(start, tick(60_000)))).toBe(START + 90_000);
  });

  it("keeps a step from starting after a failure", () => {
    given(start)
      .when(report(0, "FAILED", 90_000))
      .decides(changed(0, "FAILED"), left(0, "failure-report"), ended("EXPIRED", "expired"));
  });

  it("that has passed already lets nothing start", () => {
    given()
      .when(sent(threeSteps, { expiresAt: START }))
      .decides(accepted(), ended("EXPIRED", "expired"));
    given()
      .when(sent(threeSteps, { expiresAt: START, scheduledAt: START + HOUR_MS }))
      .decides(accepted("scheduled"), ended("EXPIRED", "expired"));
  });
});
