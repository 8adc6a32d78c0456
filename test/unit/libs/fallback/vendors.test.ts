// The flows of the vendors' own documents, from the request to the outcome.
import { describe, it } from "vitest";
import { changed, ended, given, left, noted, started } from "#test/support/given.ts";
import { report, sent, step, threeSteps, tick } from "#test/support/journal-entry.ts";

const LISTENING_MS = 72 * 3_600_000;
const sms = step("sms", null, "DELIVERED");
/** Alibaba's WhatsApp, then SMS, without a duration. */
const whatsapp = (wanted: "SENT" | "DELIVERED" | "READ") =>
  sent([step("whatsapp", null, wanted), sms]);
const toSms = (afterMs: number) => started(1, afterMs + LISTENING_MS);
const succeeded = ended("SUCCEEDED", "wanted-status-reached");

describe("8x8: WhatsApp until read for 60 s, Viber until delivered for 60 s, then SMS", () => {
  const start = sent(threeSteps);
  const unread = [start, report(0, "SENT", 10), report(0, "DELIVERED", 20)];

  it("stays with WhatsApp if it is read in time", () => {
    given(...unread)
      .when(report(0, "READ", 59_999))
      .decides(changed(0, "READ"), succeeded);
  });

  it("goes on to Viber if WhatsApp is only delivered", () => {
    given(...unread)
      .when(tick(60_000))
      .decides(left(0, "wait-ended"), started(1, 120_000));
  });

  it("goes on to SMS as soon as Viber cannot deliver", () => {
    given(...unread, tick(60_000))
      .when(report(1, "UNDELIVERED", 70_000))
      .decides(
        changed(1, "UNDELIVERED"),
        left(1, "failure-report"),
        started(2, 70_000 + LISTENING_MS),
      );
  });

  it("goes on to SMS if Viber stays silent", () => {
    given(...unread, tick(60_000))
      .when(tick(120_000))
      .decides(left(1, "wait-ended"), started(2, 120_000 + LISTENING_MS));
  });

  it("ends with the SMS, which needs neither wait nor wanted status", () => {
    given(...unread, tick(60_000), tick(120_000))
      .when(report(2, "DELIVERED", 121_000))
      .decides(changed(2, "DELIVERED"), { ...succeeded, duplicate: true });
  });
});

describe("8x8: WhatsApp until delivered for 60 s, then SMS", () => {
  const start = sent([step("whatsapp", 60_000, "DELIVERED"), sms]);

  it("stays with WhatsApp if it is delivered in time", () => {
    given(start)
      .when(report(0, "DELIVERED", 1))
      .decides(changed(0, "DELIVERED"), succeeded);
  });

  it("sends the SMS if WhatsApp was sent but not delivered", () => {
    given(start, report(0, "SENT", 1))
      .when(tick(60_000))
      .decides(left(0, "wait-ended"), started(1, 60_000 + LISTENING_MS));
  });

  it("succeeds by WhatsApp after all if that is delivered while the SMS is out", () => {
    given(start, tick(60_000), report(1, "SENT", 60_100))
      .when(report(0, "DELIVERED", 61_000))
      .decides(
        changed(0, "DELIVERED"),
        ended("SUCCEEDED", "earlier-attempt-succeeded", { attemptIndex: 0, duplicate: false }),
      );
  });
});

describe("8x8: a success status of Accepted", () => {
  const start = sent([step("whatsapp", null, "ACCEPTED"), sms]);

  it("is reached as soon as the channel accepts", () => {
    given(start)
      .when(report(0, "ACCEPTED", 1))
      .decides(changed(0, "ACCEPTED"), succeeded);
  });

  it("goes on only if the channel rejects", () => {
    given(start).when(tick(86_400_000)).decides();
    given(start)
      .when(report(0, "REJECTED", 1))
      .decides(changed(0, "REJECTED"), left(0, "failure-report"), started(1, LISTENING_MS + 1));
  });
});

describe("Alibaba: a fallback duration that is empty", () => {
  it("sends the SMS by report only, never by time", () => {
    given(whatsapp("DELIVERED"), report(0, "SENT", 1))
      .when(tick(43_200_000))
      .decides();
  });

  it("with Send Failed takes sent for success and a failure for the trigger", () => {
    given(whatsapp("SENT"))
      .when(report(0, "SENT", 1))
      .decides(changed(0, "SENT"), succeeded);
    given(whatsapp("SENT"))
      .when(report(0, "FAILED", 1))
      .decides(changed(0, "FAILED"), left(0, "failure-report"), toSms(1));
  });

  it("with Undelivered sends the SMS when WhatsApp says undelivered", () => {
    given(whatsapp("DELIVERED"), report(0, "SENT", 1))
      .when(report(0, "UNDELIVERED", 2))
      .decides(changed(0, "UNDELIVERED"), left(0, "failure-report"), toSms(2));
  });

  it("with Unread sends the SMS when WhatsApp says unread", () => {
    given(whatsapp("READ"), report(0, "DELIVERED", 1))
      .when(report(0, "UNREAD", 2))
      .decides(left(0, "unread-report"), toSms(2));
  });
});

describe("Alibaba: Unread with a fallback duration of 60 s", () => {
  it("sends the SMS when the duration ends on an unread message", () => {
    given(sent([step("whatsapp", 60_000, "READ"), sms]), report(0, "DELIVERED", 1))
      .when(tick(60_000))
      .decides(left(0, "wait-ended"), started(1, 60_000 + LISTENING_MS));
  });
});

describe("Kaleyra: a delay on both channels, the last one closing the flow", () => {
  const steps = [step("sms", 5_000, "DELIVERED"), step("whatsapp", 5_000, "DELIVERED")];
  const start = sent(steps, { lateReports: "IGNORE" });

  it("sends on the second channel without a final report in the first delay", () => {
    given(start, report(0, "SENT", 1))
      .when(tick(5_000))
      .decides(left(0, "wait-ended"), started(1, 10_000));
  });

  it("closes when the last delay ends", () => {
    given(start, tick(5_000), report(1, "SENT", 5_001))
      .when(tick(10_000))
      .decides(ended("UNCONFIRMED", "closing-window-ended"));
  });

  it("ignores any report after that", () => {
    given(start, tick(5_000), tick(10_000))
      .when(report(1, "DELIVERED", 10_001))
      .decides(noted(1, "DELIVERED", "late-reports-ignored"));
  });
});
