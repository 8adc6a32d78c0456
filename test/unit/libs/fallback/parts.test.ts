import { describe, it } from "vitest";
import { changed, ended, given, left, noted, partReported, started } from "#test/support/given.ts";
import { report, sent, step, tick } from "#test/support/journal-entry.ts";

const steps = [step("sms", 60_000, "DELIVERED"), step("viber", null, "DELIVERED")];
const of = (id: string, more = {}) => ({ providerMessageId: id, ...more });
const a = report(0, "ACCEPTED", 1, of("a"));
const b = report(0, "ACCEPTED", 2, of("b"));
/** As the dispatcher says it: all parts at once. */
const both = report(0, "ACCEPTED", 1, of("a", { providerMessageIds: ["a", "b"] }));

describe.each([
  ["accepted one after the other", [a, b]],
  ["accepted at once", [both]],
])("an attempt in two parts, %s", (_, accepted) => {
  it("is delivered once both are", () => {
    const first = report(0, "DELIVERED", 3, of("a"));
    given(sent(steps), ...accepted)
      .when(first)
      .decides(partReported(0, "DELIVERED"));
    given(sent(steps), ...accepted, first)
      .when(report(0, "DELIVERED", 4, of("b")))
      .decides(changed(0, "DELIVERED"), ended("SUCCEEDED", "wanted-status-reached"));
  });

  it("fails with the first that fails, and the next step starts", () => {
    given(sent(steps), ...accepted, report(0, "DELIVERED", 3, of("a")))
      .when(report(0, "UNDELIVERED", 4, of("b")))
      .decides(changed(0, "UNDELIVERED"), left(0, "failure-report"), started(1, 259_200_004));
  });

  it("has failed until the part that failed has arrived after all, and every other too", () => {
    const failed = [...accepted, report(0, "UNDELIVERED", 3, of("a"))];
    given(sent(steps), ...failed)
      .when(report(0, "DELIVERED", 4, of("a")))
      .decides(partReported(0, "DELIVERED"));
    given(sent(steps), ...failed, report(0, "DELIVERED", 4, of("a")))
      .when(report(0, "DELIVERED", 5, of("b")))
      .decides(changed(0, "DELIVERED"), ended("SUCCEEDED", "earlier-attempt-succeeded"));
  });

  it("is not left because one of them is unread, where delivered is wanted", () => {
    given(sent(steps), ...accepted)
      .when(report(0, "UNREAD", 3, of("a")))
      .decides(partReported(0, "DELIVERED"));
  });

  it("is told of as a whole where a report names no part", () => {
    given(sent(steps), ...accepted)
      .when(report(0, "DELIVERED", 3))
      .decides(changed(0, "DELIVERED"), ended("SUCCEEDED", "wanted-status-reached"));
  });

  it("is not changed by what is reported again", () => {
    const first = report(0, "DELIVERED", 3, of("a"));
    given(sent(steps), ...accepted, first)
      .when(first)
      .decides();
    given(sent(steps), ...accepted, first)
      .when(accepted[0]!)
      .decides();
  });
});

describe("parts", () => {
  it("are known from any report whose link lists them", () => {
    const list = of("a", { providerMessageIds: ["a", "b"] });
    given(sent(steps))
      .when(report(0, "DELIVERED", 1, list))
      .decides(changed(0, "ACCEPTED"));
  });

  it("are none after a lost answer: of two copies any will do", () => {
    const lost = report(0, "UNKNOWN", 1);
    given(sent(steps), lost, a, b)
      .when(report(0, "DELIVERED", 3, of("a")))
      .decides(changed(0, "DELIVERED"), ended("SUCCEEDED", "wanted-status-reached"));
  });
});

describe("a report that cannot be about the attempt that it names", () => {
  const running = [sent(steps), a];
  const other = report(0, "DELIVERED", 2, { provider: "other" });
  const elsewhere = report(0, "DELIVERED", 2, { channel: "viber" });
  const stranger = report(0, "DELIVERED", 2, of("c"));
  const ofAnother = report(0, "READ", 2, { mismatch: "id-of-another-attempt" });

  it("changes nothing and is told", () => {
    given(...running)
      .when(other)
      .decides(noted(0, "DELIVERED", "other-provider"));
    given(...running)
      .when(elsewhere)
      .decides(noted(0, "DELIVERED", "other-channel"));
    given(...running)
      .when(ofAnother)
      .decides(noted(0, "READ", "id-of-another-attempt"));
    given(...running)
      .when(stranger)
      .decides(noted(0, "DELIVERED", "unknown-id"));
    given(...running, b)
      .when(stranger)
      .decides(noted(0, "DELIVERED", "unknown-id"));
  });

  it.each([
    ["one id", of("c")],
    ["a list", { providerMessageIds: ["c", "d"] }],
    ["a list that begins with a known one", of("a", { providerMessageIds: ["a", "c"] })],
  ])(
    "adds no part to an attempt that has one, by an acceptance of %s that nobody linked",
    (_, ids) => {
      const accepted = report(0, "ACCEPTED", 2, { ...ids, isLinked: false });
      given(...running)
        .when(accepted)
        .decides(noted(0, "ACCEPTED", "unknown-id"));
      given(...running, accepted)
        .when(report(0, "DELIVERED", 3, of("a")))
        .decides(changed(0, "DELIVERED"), ended("SUCCEEDED", "wanted-status-reached"));
      given(sent(steps)).when(accepted).decides(changed(0, "ACCEPTED"));
    },
  );

  it("is told once, however often it comes", () => {
    given(...running, other)
      .when({ ...other, status: "FAILED" })
      .decides();
    given(...running, other, elsewhere, ofAnother)
      .when(ofAnother)
      .decides();
  });

  it("does not keep the genuine one out", () => {
    given(...running, other, elsewhere, ofAnother, stranger)
      .when(report(0, "DELIVERED", 3, of("a")))
      .decides(changed(0, "DELIVERED"), ended("SUCCEEDED", "wanted-status-reached"));
  });

  it("is one of another provider than lost the answer, too", () => {
    given(sent(steps), report(0, "UNKNOWN", 1))
      .when(other)
      .decides(noted(0, "DELIVERED", "other-provider"));
  });

  it("is one of another provider than the channel's, before any word", () => {
    given(sent(steps))
      .when({ ...other, mismatch: "other-provider" })
      .decides(noted(0, "DELIVERED", "other-provider"));
    given(sent(steps), { ...other, mismatch: "other-provider" })
      .when(a)
      .decides(changed(0, "ACCEPTED"));
  });

  it("is one of an unknown id, also where a word came before the acceptance", () => {
    given(sent(steps), report(0, "SENT", 1, of("a")), a)
      .when(stranger)
      .decides(noted(0, "DELIVERED", "unknown-id"));
  });

  it("is none of the copies of which the answers were lost", () => {
    given(sent(steps), report(0, "UNKNOWN", 1), a)
      .when(stranger)
      .decides(changed(0, "DELIVERED"), ended("SUCCEEDED", "wanted-status-reached"));
  });

  it("changes nothing after its step was left", () => {
    given(...running, tick(60_000))
      .when({ ...other, at: other.at + 60_000 })
      .decides(noted(0, "DELIVERED", "other-provider"));
  });
});
