// Whatever dialect a webhook speaks: what it is told of a step has the step's own number and id.
import { describe, expect, it } from "vitest";
import { messageRows } from "#libs/dialects/8x8/rows/message-rows.ts";
import { dialectOf } from "#libs/dialects/dialects.ts";
import type { DialectName } from "#libs/dialects/names.ts";
import { tellables } from "#services/webhook-notifier/tellable.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { entryAfter, report, START, sent, step } from "#test/support/journal-entry.ts";
import { numbered, requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const entry = entryAfter([
  sent([step("sms", null, "DELIVERED"), step("sms", null, "DELIVERED")]),
  report(0, "UNDELIVERED", 100),
  report(1, "DELIVERED", 200),
  report(1, "READ", 300),
]);
const own = requestedStep("sms", {
  recipient: numbered("+6598765432"),
  clientMessageId: "c-2",
});
const steps = [requestedStep("sms"), own];
const request = storedRequest({ steps, clientMessageId: "c-1" });
const message = { entry, request, templates: new Map(), prices: new Map() };

/** What is told of a status of the step at `attemptIndex`. */
function toldOf(format: DialectName, attemptIndex: number): string[] {
  return tellables(entry, { format, now: START })
    .filter(({ event }) => event.type === "STATUS_CHANGED" && event.attemptIndex === attemptIndex)
    .map((each) => dialectOf(format).notifications.body(each, message));
}

describe("a notification", () => {
  it.each<DialectName>(["8x8", "alibaba", "infobip", "vonage", "vonage-dispatch"])(
    "in the form of %s has the number that the step has of its own",
    (format) => {
      expect(toldOf(format, 0).join()).not.toContain("98765432");
      const told = toldOf(format, 1);
      expect(told).not.toEqual([]);
      for (const each of told) expect(each).toMatch(/"\+?6598765432"/);
    },
  );

  it.each<DialectName>(["native", "8x8", "infobip", "vonage"])(
    "in the form of %s has the sender's own id of the step",
    (format) => {
      expect(toldOf(format, 0).join()).not.toContain('"c-2"');
      for (const each of toldOf(format, 1)) expect(each).toContain('"c-2"');
    },
  );

  it("has the message's own id where it is about the message as a whole", () => {
    const ended = tellables(entry, { format: "native", now: START }).find(
      ({ event }) => event.type === "MESSAGE_ENDED",
    )!;
    const body = JSON.parse(dialectOf("native").notifications.body(ended, message));
    expect(body.data.clientMessageId).toBe("c-1");
  });

  it("in Kaleyra's form has each channel's number and id", () => {
    const [ended] = tellables(entry, { format: "kaleyra", now: START });
    const { result } = JSON.parse(dialectOf("kaleyra").notifications.body(ended!, message));
    expect(result).toMatchObject({
      channel1: { to: "6591234567", clientMessageId: "c-1" },
      channel2: { to: "6598765432", clientMessageId: "c-2" },
    });
  });
});

it("has a row of 8x8's with its own number, masked", () => {
  const rows = messageRows({ entry, request }, demoView().findAccount("demo")!);
  expect(rows.map(({ user, clientMessageId }) => [user.msisdn, clientMessageId])).toEqual([
    ["+65*****567", "c-1"],
    ["+65*****432", "c-2"],
  ]);
});
