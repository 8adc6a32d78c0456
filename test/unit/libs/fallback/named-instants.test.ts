// Fault: one of two clocks is ahead when a request, a report or a tick is decided, by 4 s. Invariant: an instant that
// somebody named (a start, an end) is not there before both clocks say so, and waits count by the later one all the same.
import { describe, it } from "vitest";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { accepted, changed, ended, given, left, started } from "#test/support/given.ts";
import { report, START, sent, threeSteps } from "#test/support/journal-entry.ts";

const APART_MS = 4_000;
const HOUR_MS = 3_600_000;

/** Decided when the later clock says `afterMs`, and the earlier one 4 s less. */
function tick(afterMs: number): FallbackInput {
  const firedAt = START + afterMs - APART_MS;
  return { type: "TimerTick", at: START + afterMs, apartMs: APART_MS, firedAt };
}

const apart = { apartMs: APART_MS };
const expiring = sent(threeSteps, { expiresAt: START + 60_001 });
const failed = (afterMs: number) => report(0, "FAILED", afterMs, apart);

describe("while a clock is ahead", () => {
  it("a message does not start before its instant", () => {
    const scheduledAt = START - APART_MS + 1;
    given()
      .when(sent(threeSteps, { scheduledAt, ...apart }))
      .decides({ ...accepted("scheduled"), dueAt: scheduledAt });
    given()
      .when(sent(threeSteps, { scheduledAt: START - APART_MS, ...apart }))
      .decides(accepted(), started(0, 60_000));
  });

  it("a request has not run out of time, and is not too old, before its instant", () => {
    given()
      .when(sent(threeSteps, { expiresAt: START - APART_MS + 1, ...apart }))
      .decides(accepted(), started(0, 60_000));
    given()
      .when(sent(threeSteps, { expiresAt: START - APART_MS, ...apart }))
      .decides(accepted(), ended("EXPIRED", "expired"));
    given()
      .when(sent(threeSteps, { requestedAt: START - APART_MS - 24 * HOUR_MS, ...apart }))
      .decides(accepted(), started(0, 60_000));
  });

  it("the next step starts until the message runs out of time", () => {
    given(expiring).when(tick(64_000)).decides(left(0, "wait-ended"), started(1, 124_000));
    given(expiring).when(tick(64_001)).decides(ended("EXPIRED", "expired"));
    given(expiring)
      .when(failed(64_000))
      .decides(changed(0, "FAILED"), left(0, "failure-report"), started(1, 124_000));
    given(expiring)
      .when(failed(64_001))
      .decides(changed(0, "FAILED"), left(0, "failure-report"), ended("EXPIRED", "expired"));
  });

  it("a scheduled message starts until it runs out of time", () => {
    const later = sent(threeSteps, { scheduledAt: START + 1_000, expiresAt: START + 2_000 });
    given(later).when(tick(5_999)).decides(started(0, 65_999));
    given(later).when(tick(6_000)).decides(ended("EXPIRED", "expired"));
  });
});
