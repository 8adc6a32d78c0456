import { describe, expect, it } from "vitest";
import { changed, ended, given, left, noted, started, stateAfter } from "#test/support/given.ts";
import { report, sent, step, threeSteps, tick } from "#test/support/journal-entry.ts";

const failures = ["REJECTED", "FAILED", "UNDELIVERED", "EXPIRED"] as const;
const successes = ["ACCEPTED", "SENT", "DELIVERED", "READ"] as const;
const start = sent(threeSteps);

describe("a status", () => {
  it("grows step by step", () => {
    given(start)
      .when(report(0, "ACCEPTED", 1))
      .decides(changed(0, "ACCEPTED"));
    given(start, report(0, "ACCEPTED", 1))
      .when(report(0, "SENT", 2))
      .decides(changed(0, "SENT"));
    given(start, report(0, "SENT", 2))
      .when(report(0, "DELIVERED", 3))
      .decides(changed(0, "DELIVERED"));
  });

  it("never falls, whatever order reports come in", () => {
    given(start, report(0, "DELIVERED", 1))
      .when(report(0, "SENT", 2))
      .decides();
    given(start, report(0, "SENT", 1))
      .when(report(0, "ACCEPTED", 2))
      .decides();
  });

  it("that is told again is a duplicate", () => {
    given(start, report(0, "SENT", 1))
      .when(report(0, "SENT", 2))
      .decides();
  });

  it("of read implies delivered", () => {
    given(start, tick(60_000))
      .when(report(1, "READ", 60_001))
      .decides(changed(1, "READ"), ended("SUCCEEDED", "wanted-status-reached"));
  });

  it.each(failures)("of delivered beats an earlier %s of the same attempt", (failure) => {
    given(start, report(0, failure, 1))
      .when(report(0, "DELIVERED", 2))
      .decides(changed(0, "DELIVERED"));
  });

  it.each(failures)("of sent does not beat an earlier %s", (failure) => {
    given(start, report(0, failure, 1))
      .when(report(0, "SENT", 2))
      .decides();
  });

  it.each(successes)("of %s is success where it is wanted, and where less is wanted", (status) => {
    for (const [index, wanted] of successes.entries()) {
      const { phase } = stateAfter(sent([step("sms", null, wanted)]), report(0, status, 1));
      expect(phase).toBe(index <= successes.indexOf(status) ? "ENDED" : "RUNNING");
    }
  });
});

describe("a failure after delivery", () => {
  const delivered = [start, report(0, "DELIVERED", 1)];

  it("is history, not state", () => {
    given(...delivered)
      .when(report(0, "FAILED", 2))
      .decides(noted(0, "FAILED", "failure-after-delivery"));
    expect(stateAfter(...delivered, report(0, "FAILED", 2)).attempts[0]?.status).toBe("DELIVERED");
  });

  it("is told once", () => {
    given(...delivered, report(0, "FAILED", 2))
      .when(report(0, "FAILED", 3))
      .decides();
    given(...delivered, report(0, "FAILED", 2))
      .when(report(0, "UNDELIVERED", 3))
      .decides();
  });

  it("is none if the failure came first and is delivered again", () => {
    given(start, report(0, "FAILED", 1), report(0, "DELIVERED", 2))
      .when(report(0, "FAILED", 3))
      .decides();
    given(start, report(0, "UNDELIVERED", 1), report(0, "FAILED", 2), report(0, "DELIVERED", 3))
      .when(report(0, "FAILED", 4))
      .decides();
  });
});

describe("an unknown word", () => {
  it("changes nothing and is told once", () => {
    given(start)
      .when(report(0, "UNKNOWN", 1))
      .decides(noted(0, "UNKNOWN", "unknown-status"));
    given(start, report(0, "UNKNOWN", 1))
      .when(report(0, "UNKNOWN", 2))
      .decides();
  });

  it("does not keep the wait from ending", () => {
    given(start, report(0, "UNKNOWN", 1))
      .when(tick(60_000))
      .decides(left(0, "wait-ended"), started(1, 120_000));
  });
});
