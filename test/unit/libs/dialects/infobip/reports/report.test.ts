import { describe, expect, it } from "vitest";
import { dialectOf } from "#libs/dialects/dialects.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { tellables } from "#services/webhook-notifier/tellable.ts";
import { cancel, entryAfter, report, START, sent, step } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const steps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
const fault = { errorCode: "131026", errorClass: "PERMANENT", errorText: "no such user" } as const;
const failed = report(0, "FAILED", 200, fault);
const { body } = dialectOf("infobip").notifications;

function told(...inputs: FallbackInput[]) {
  const entry = entryAfter([sent(steps), ...inputs]);
  const request = storedRequest({ clientMessageId: "own-1", clientBatchId: "bulk-1" });
  const all = tellables(entry, { format: "infobip", now: START });
  const message = { entry, request, templates: new Map(), prices: new Map() };
  return all.map((tellable) => JSON.parse(body(tellable, message)).results[0]);
}

describe("a delivery report", () => {
  it("comes once, of the step that reached the person", () => {
    expect(told(failed, report(1, "SENT", 300), report(1, "DELIVERED", 400))).toEqual([
      {
        event: "DELIVERY",
        channel: "SMS",
        sender: "",
        destination: "6591234567",
        bulkId: "bulk-1",
        messageId: "own-1",
        sentAt: "2026-11-21T12:00:00.200+0000",
        doneAt: "2026-11-21T12:00:00.400+0000",
        messageCount: 1,
        status: {
          groupId: 3,
          groupName: "DELIVERED",
          id: 5,
          name: "DELIVERED_TO_HANDSET",
          description: "Message delivered to handset",
        },
        error: {
          groupId: 0,
          groupName: "OK",
          id: 0,
          name: "NO_ERROR",
          description: "No Error",
          permanent: false,
        },
      },
    ]);
  });

  it("says why the last step failed", () => {
    expect(told(failed, report(1, "UNDELIVERED", 400, fault))).toMatchObject([
      {
        channel: "SMS",
        status: { groupName: "UNDELIVERABLE", id: 9 },
        error: { id: 255, description: "no such user", permanent: true },
      },
    ]);
  });

  it("comes again where late news amends it", () => {
    const all = told(failed, report(1, "UNDELIVERED", 400, fault), report(1, "DELIVERED", 900));
    expect(all.map(({ status }) => status.groupName)).toEqual(["UNDELIVERABLE", "DELIVERED"]);
  });

  it("of what was cancelled says that nothing was sent", () => {
    expect(told(cancel(300))).toMatchObject([{ status: { name: "UNDELIVERABLE_NOT_SENT" } }]);
  });
});

describe("a seen report", () => {
  it("follows once the person has read it", () => {
    const all = told(report(0, "DELIVERED", 300), report(0, "READ", 400));
    expect(all.map(({ event }) => event)).toEqual(["DELIVERY", "SEEN"]);
    expect(all[1]).toEqual({
      event: "SEEN",
      channel: "WHATSAPP",
      sender: "",
      destination: "6591234567",
      bulkId: "bulk-1",
      messageId: "own-1",
      sentAt: "2026-11-21T12:00:00.000+0000",
      seenAt: "2026-11-21T12:00:00.400+0000",
    });
  });
});
