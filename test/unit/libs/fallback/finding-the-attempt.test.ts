import { describe, it } from "vitest";
import { changed, given } from "#test/support/given.ts";
import {
  cancel,
  report,
  START,
  sent,
  step,
  threeSteps,
  tick,
} from "#test/support/journal-entry.ts";

/** A report that does not say which attempt it is about. */
function receipt(channel: string, providerMessageId: string | null = null) {
  return { ...report(0, "SENT", 9_000), attemptIndex: null, channel, providerMessageId };
}
const twice = [1_000, 1_000, null].map((waitMs) => step("sms", waitMs, "DELIVERED"));
const accepted = (index: number, id: string, more = {}) =>
  report(index, "ACCEPTED", 1_000 * index + 1, { providerMessageId: id, ...more });

describe("a report", () => {
  it("names its attempt", () => {
    given(sent(threeSteps), tick(60_000))
      .when(report(0, "SENT", 60_001))
      .decides(changed(0, "SENT"));
  });

  it.each([-1, 1, 2, 3, 99, Number.NaN])(
    "about attempt %d, which never started, is about none",
    (index) => {
      given(sent(threeSteps))
        .when(report(index, "FAILED", 1))
        .decides();
    },
  );

  it("before its message started is about none", () => {
    given()
      .when(report(0, "SENT", 1))
      .decides();
    given(cancel(0))
      .when(report(0, "SENT", 1))
      .decides();
    given(sent(threeSteps, { scheduledAt: START + 10 }))
      .when(report(0, "SENT", 1))
      .decides();
  });
});

describe("a report that names no attempt", () => {
  it("is found by the provider's id", () => {
    const start = [sent(twice), accepted(0, "a"), tick(1_000), accepted(1, "b")];
    given(...start)
      .when(receipt("sms", "a"))
      .decides(changed(0, "SENT"));
    given(...start)
      .when(receipt("sms", "b"))
      .decides(changed(1, "SENT"));
  });

  it("is not found by another provider's id", () => {
    given(sent(twice), accepted(0, "a", { provider: "other" }))
      .when(receipt("sms", "a"))
      .decides();
  });

  it("is found by a channel that the flow has once", () => {
    given(sent(threeSteps), tick(60_000)).when(receipt("viber")).decides(changed(1, "SENT"));
  });

  it("is about none if the flow has its channel twice", () => {
    given(sent(twice), tick(1_000)).when(receipt("sms", "unknown")).decides();
    given(sent(twice)).when(receipt("sms")).decides();
  });

  it("is about none if the flow does not have its channel", () => {
    given(sent(threeSteps)).when(receipt("telegram")).decides();
  });

  it("still knows its attempt's id after a report that had none", () => {
    given(sent(twice), accepted(0, "a"), tick(1_000), report(0, "SENT", 1_001))
      .when({ ...receipt("sms", "a"), status: "FAILED" })
      .decides(changed(0, "FAILED"));
  });
});
