import { describe, expect, it } from "vitest";
import { amended, changed, given, noted, stateAfter } from "#test/support/given.ts";
import { cancel, report, sent, step, threeSteps, tick } from "#test/support/journal-entry.ts";

const LISTENING_MS = 72 * 3_600_000;
const failures = [0, 1, 2].map((index) => report(index, "FAILED", index + 1));
const exhausted = [sent(threeSteps), ...failures];
const bySms = [sent(threeSteps), tick(60_000), tick(120_000), report(2, "DELIVERED", 120_001)];

describe("a success after the end", () => {
  it("amends the outcome in a new revision", () => {
    given(...exhausted)
      .when(report(1, "DELIVERED", 10))
      .decides(
        changed(1, "DELIVERED"),
        amended(2, "late-success", {
          outcome: "SUCCEEDED",
          attemptIndex: 1,
          lateSuccess: true,
          duplicate: false,
        }),
      );
  });

  it("amends a canceled message too: what was handed over cannot be taken back", () => {
    given(sent(threeSteps), cancel(1))
      .when(report(0, "READ", 2))
      .decides(changed(0, "READ"), amended(2, "late-success", { outcome: "SUCCEEDED" }));
  });

  it("is remembered with the attempt that got through", () => {
    const late = [report(1, "DELIVERED", 10), report(2, "DELIVERED", 11)];
    expect(stateAfter(...exhausted, ...late)).toMatchObject({
      outcome: "SUCCEEDED",
      revision: 3,
      succeededIndex: 1,
      duplicate: true,
      lateSuccess: true,
    });
  });

  it("that is delivered again amends nothing", () => {
    given(...exhausted, report(1, "DELIVERED", 10))
      .when(report(1, "DELIVERED", 11))
      .decides();
  });

  it("that goes on from delivered to read is no second success", () => {
    given(...bySms)
      .when(report(2, "READ", 120_002))
      .decides(changed(2, "READ"));
  });

  it("of the attempt that had succeeded is none, even past a failure in between", () => {
    const sentIsEnough = sent([step("sms", null, "SENT")]);
    given(sentIsEnough, report(0, "SENT", 1), report(0, "UNDELIVERED", 2))
      .when(report(0, "DELIVERED", 3))
      .decides(changed(0, "DELIVERED"));
  });
});

describe("a second copy that reaches the recipient", () => {
  it("is a duplicate, though it is not what its step wanted", () => {
    given(...bySms)
      .when(report(0, "DELIVERED", 120_002))
      .decides(
        changed(0, "DELIVERED"),
        amended(2, "second-delivery", {
          outcome: "SUCCEEDED",
          attemptIndex: 0,
          duplicate: true,
          lateSuccess: false,
        }),
      );
  });

  it("is a late success as well if its step wanted that", () => {
    given(...bySms)
      .when(report(1, "DELIVERED", 120_002))
      .decides(changed(1, "DELIVERED"), amended(2, "late-success", { duplicate: true }));
  });

  it("may be followed by a third", () => {
    given(...bySms, report(1, "DELIVERED", 120_002))
      .when(report(0, "DELIVERED", 120_003))
      .decides(
        changed(0, "DELIVERED"),
        amended(3, "second-delivery", { duplicate: true, lateSuccess: true }),
      );
  });

  it("makes no success of a message that has none", () => {
    const wantsRead = [step("whatsapp", 1_000, "READ"), step("viber", 1_000, "READ")];
    given(sent(wantsRead), report(0, "DELIVERED", 1), tick(1_000), cancel(1_001))
      .when(report(1, "DELIVERED", 1_002))
      .decides(
        changed(1, "DELIVERED"),
        amended(2, "second-delivery", { outcome: "CANCELED", duplicate: true }),
      );
  });
});

describe("a report after the end", () => {
  it("that is no success changes its attempt only", () => {
    given(...bySms)
      .when(report(1, "UNDELIVERED", 120_002))
      .decides(changed(1, "UNDELIVERED"));
  });

  it("is taken until the attempt's listening time ends", () => {
    given(...bySms)
      .when(report(1, "SENT", 60_000 + LISTENING_MS))
      .decides(changed(1, "SENT"));
    given(...bySms)
      .when(report(1, "SENT", 60_001 + LISTENING_MS))
      .decides();
  });
});

describe("a flow that ignores late reports", () => {
  const start = sent(threeSteps, { lateReports: "IGNORE" });
  const over = [start, report(0, "SENT", 1), tick(60_000), report(1, "DELIVERED", 60_001)];

  it("only tells them in its story", () => {
    given(...over)
      .when(report(0, "READ", 60_002))
      .decides(noted(0, "READ", "late-reports-ignored"));
    expect(stateAfter(...over, report(0, "READ", 60_002))).toMatchObject({
      revision: 1,
      succeededIndex: 1,
    });
  });

  it("tells each of them once", () => {
    given(...over, report(0, "READ", 60_002))
      .when(report(0, "READ", 60_003))
      .decides();
  });

  it("takes none for late that it had heard in time", () => {
    given(...over)
      .when(report(0, "SENT", 60_003))
      .decides();
    given(...over)
      .when(report(1, "UNREAD", 60_003))
      .decides();
  });

  it("still takes them while a later step runs", () => {
    given(start, tick(60_000))
      .when(report(0, "DELIVERED", 60_001))
      .decides(changed(0, "DELIVERED"));
  });
});
