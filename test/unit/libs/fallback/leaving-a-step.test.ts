import { describe, it } from "vitest";
import type { FailureStatus } from "#libs/fallback/words.ts";
import { changed, ended, given, left, started } from "#test/support/given.ts";
import { report, sent, step, threeSteps, tick } from "#test/support/journal-entry.ts";

const failures: FailureStatus[] = ["REJECTED", "FAILED", "UNDELIVERED", "EXPIRED"];
/** Never left by time, only by a report. */
const untimed = [step("whatsapp", null, "READ"), step("sms", null, "DELIVERED")];
const [first, ...others] = untimed;
const stopping = [{ ...first!, onFailure: "STOP" as const }, ...others];

describe("a wait", () => {
  it("ends without the wanted status: the next step starts", () => {
    given(sent(threeSteps)).when(tick(60_000)).decides(left(0, "wait-ended"), started(1, 120_000));
  });

  it("never ends early", () => {
    given(sent(threeSteps)).when(tick(59_999)).decides();
  });

  it("counts from the instant its step starts", () => {
    given(sent(threeSteps), tick(75_000)).when(tick(134_999)).decides();
    given(sent(threeSteps), tick(75_000))
      .when(tick(135_000))
      .decides(left(1, "wait-ended"), { type: "ATTEMPT_STARTED", rule: "next-step" });
  });

  it("ends although the message got as far as a lesser status", () => {
    given(sent(threeSteps), report(0, "DELIVERED", 10))
      .when(tick(60_000))
      .decides({ ...left(0, "wait-ended"), status: "DELIVERED" }, started(1, 120_000));
  });

  it("names its deadline as the reason, even if the tick comes late", () => {
    given(sent(threeSteps))
      .when(tick(61_000))
      .decides(
        { ...left(0, "wait-ended"), dueAt: sent(threeSteps).at + 60_000 },
        started(1, 121_000),
      );
  });

  it("is over once: the tick that comes again ends no second step", () => {
    given(sent(threeSteps), tick(60_000)).when(tick(60_000)).decides();
  });

  it("of null never ends", () => {
    given(sent(untimed)).when(tick(259_199_999)).decides();
  });
});

describe("a failure report", () => {
  it.each(failures)("of %s starts the next step at once", (status) => {
    given(sent(threeSteps))
      .when(report(0, status, 500))
      .decides(changed(0, status), left(0, "failure-report"), started(1, 60_500));
  });

  it("carries the provider's reason into the story", () => {
    const fault = { errorCode: "131026", errorClass: "PERMANENT" } as const;
    given(sent(threeSteps))
      .when(report(0, "FAILED", 1, { ...fault, errorText: "not on WhatsApp" }))
      .decides(
        { ...changed(0, "FAILED"), ...fault, detail: "not on WhatsApp" },
        { ...left(0, "failure-report"), status: "FAILED", ...fault, dueAt: null },
        started(1, 60_001),
      );
  });

  it("leaves a step that time never leaves", () => {
    given(sent(untimed))
      .when(report(0, "UNDELIVERED", 90_000_000))
      .decides(changed(0, "UNDELIVERED"), left(0, "failure-report"), started(1, 349_200_000));
  });

  it("of a step that was left already starts nothing", () => {
    given(sent(threeSteps), tick(60_000))
      .when(report(0, "FAILED", 60_001))
      .decides(changed(0, "FAILED"));
  });

  it("ends the message where the step says stop", () => {
    given(sent(stopping))
      .when(report(0, "FAILED", 1))
      .decides(
        changed(0, "FAILED"),
        left(0, "failure-report"),
        ended("EXHAUSTED", "stopped-on-failure"),
      );
  });
});

describe("what the account says of a code", () => {
  it("goes on where the step would stop", () => {
    given(sent(stopping))
      .when(report(0, "FAILED", 1, { leadsTo: "NEXT" }))
      .decides(changed(0, "FAILED"), left(0, "failure-report"), started(1, 259_200_001));
  });

  it("stops where the step would go on", () => {
    given(sent([step("whatsapp", 60_000, "READ"), step("sms", null, "DELIVERED")]))
      .when(report(0, "FAILED", 1, { leadsTo: "STOP" }))
      .decides(
        changed(0, "FAILED"),
        left(0, "failure-report"),
        ended("EXHAUSTED", "stopped-on-failure"),
      );
  });

  it("means nothing where the report is no failure", () => {
    given(sent([step("whatsapp", 60_000, "READ"), step("sms", null, "DELIVERED")]))
      .when(report(0, "SENT", 1, { leadsTo: "STOP" }))
      .decides(changed(0, "SENT"));
  });
});

describe("an unread report", () => {
  it("starts the next step at once where read is wanted", () => {
    given(sent(threeSteps))
      .when(report(0, "UNREAD", 500))
      .decides(changed(0, "DELIVERED"), left(0, "unread-report"), started(1, 60_500));
  });

  it("needs no new status to do so", () => {
    given(sent(threeSteps), report(0, "DELIVERED", 1))
      .when(report(0, "UNREAD", 500))
      .decides(left(0, "unread-report"), started(1, 60_500));
  });

  it("means delivered where delivered is wanted", () => {
    given(sent(threeSteps), tick(60_000))
      .when(report(1, "UNREAD", 60_500))
      .decides(changed(1, "DELIVERED"), ended("SUCCEEDED", "wanted-status-reached"));
  });

  it("is no failure: a step that stops on failure goes on", () => {
    given(sent(stopping))
      .when(report(0, "UNREAD", 1))
      .decides(changed(0, "DELIVERED"), left(0, "unread-report"), started(1, 259_200_001));
  });
});
