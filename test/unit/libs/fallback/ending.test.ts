import { describe, it } from "vitest";
import { changed, ended, given, left, started } from "#test/support/given.ts";
import { report, sent, step, threeSteps, tick } from "#test/support/journal-entry.ts";

const LISTENING_MS = 72 * 3_600_000;
const oneStep = [step("sms", null, "DELIVERED")];
/** The last step's wait is the closing window. */
const closing = [step("whatsapp", 60_000, "DELIVERED"), step("sms", 30_000, "READ")];
const onLastStep = [sent(closing), tick(60_000)];

describe("a message succeeds", () => {
  it("when its attempt reaches the wanted status", () => {
    given(sent(threeSteps))
      .when(report(0, "READ", 1))
      .decides(
        changed(0, "READ"),
        ended("SUCCEEDED", "wanted-status-reached", { attemptIndex: 0, duplicate: false }),
      );
  });

  it("although its wait is over, as long as no tick has said so", () => {
    given(sent(threeSteps))
      .when(report(0, "READ", 60_001))
      .decides(changed(0, "READ"), ended("SUCCEEDED", "wanted-status-reached"));
  });

  it("by an earlier attempt while a later one runs; nothing more starts", () => {
    given(sent(threeSteps), tick(60_000))
      .when(report(0, "READ", 60_001))
      .decides(
        changed(0, "READ"),
        ended("SUCCEEDED", "earlier-attempt-succeeded", { attemptIndex: 0 }),
      );
  });

  it("as a duplicate if an earlier attempt had reached the recipient too", () => {
    given(sent(threeSteps), report(0, "DELIVERED", 1), tick(60_000))
      .when(report(1, "DELIVERED", 60_001))
      .decides(
        changed(1, "DELIVERED"),
        ended("SUCCEEDED", "wanted-status-reached", { attemptIndex: 1, duplicate: true }),
      );
  });
});

describe("a message is exhausted", () => {
  it("when the last step fails", () => {
    given(sent(oneStep))
      .when(report(0, "UNDELIVERED", 1))
      .decides(
        changed(0, "UNDELIVERED"),
        left(0, "failure-report"),
        ended("EXHAUSTED", "all-steps-used", { attemptIndex: null }),
      );
  });

  it("when the closing window ends on a message that was delivered but not read", () => {
    given(...onLastStep, report(1, "DELIVERED", 60_001))
      .when(tick(90_000))
      .decides(left(1, "wait-ended"), ended("EXHAUSTED", "all-steps-used"));
  });

  it("when it was delivered but not read for as long as reports are taken", () => {
    given(sent([step("viber", null, "READ")]), report(0, "DELIVERED", 1))
      .when(tick(LISTENING_MS))
      .decides(ended("EXHAUSTED", "listening-ended"));
  });
});

describe("a message ends unconfirmed", () => {
  it("when the closing window ends without a final word", () => {
    given(...onLastStep, report(1, "SENT", 60_001))
      .when(tick(90_000))
      .decides(ended("UNCONFIRMED", "closing-window-ended"));
  });

  it("when the last step has no closing window and the listening time ends", () => {
    given(sent(oneStep), report(0, "SENT", 1))
      .when(tick(LISTENING_MS - 1))
      .decides();
    given(sent(oneStep), report(0, "SENT", 1))
      .when(tick(LISTENING_MS))
      .decides(ended("UNCONFIRMED", "listening-ended"));
  });

  it("when a step that only a report may leave hears none", () => {
    given(sent([step("whatsapp", null, "DELIVERED"), ...oneStep]))
      .when(tick(LISTENING_MS))
      .decides(ended("UNCONFIRMED", "listening-ended"));
  });
});

describe("an ended message", () => {
  const over = [sent(threeSteps), report(0, "READ", 1)];

  it("starts nothing by time", () => {
    given(...over)
      .when(tick(60_000))
      .decides();
  });

  it("starts nothing by a report", () => {
    given(sent(threeSteps), tick(60_000), report(0, "READ", 60_001))
      .when(report(1, "FAILED", 60_002))
      .decides(changed(1, "FAILED"));
  });

  it("does not take its request again", () => {
    given(...over)
      .when(sent(threeSteps, { at: sent(threeSteps).at + 2 }))
      .decides();
  });

  it("goes through every step first if each of them fails", () => {
    given(sent(threeSteps), report(0, "FAILED", 1))
      .when(report(1, "FAILED", 2))
      .decides(changed(1, "FAILED"), left(1, "failure-report"), started(2, LISTENING_MS + 2));
    given(sent(threeSteps), report(0, "FAILED", 1), report(1, "FAILED", 2))
      .when(report(2, "FAILED", 3))
      .decides(
        changed(2, "FAILED"),
        left(2, "failure-report"),
        ended("EXHAUSTED", "all-steps-used"),
      );
  });
});
