import { describe, expect, it } from "vitest";
import { dialectOf } from "#libs/dialects/dialects.ts";
import { errorList } from "#libs/dialects/vonage/error-list.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { tellables } from "#services/webhook-notifier/tellable.ts";
import errors from "#test/fixtures/vonage-message-errors.json" with { type: "json" };
import { entryAfter, report, START, sent, step, tick } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

/** What is told of a message that another API sent. */
function statusesOf(wanted: "DELIVERED" | "READ", ...inputs: FallbackInput[]): string[] {
  const steps = [step("whatsapp", 60_000, wanted), step("sms", null, "DELIVERED")];
  const entry = entryAfter([sent(steps), ...inputs]);
  const message = { entry, request: storedRequest(), templates: new Map(), prices: new Map() };
  return tellables(entry, { format: "vonage", now: START }).map((tellable) => {
    const { channel, status } = JSON.parse(
      dialectOf("vonage").notifications.body(tellable, message),
    );
    return `${channel} ${status}`;
  });
}

it("rejects a message that is left in silence, and none that was delivered and left unread", () => {
  const sentAndLeft = [report(0, "SENT", 100), tick(60_000)];
  expect(statusesOf("DELIVERED", ...sentAndLeft)).toEqual([
    "whatsapp submitted",
    "whatsapp rejected",
  ]);
  const unread = [report(0, "DELIVERED", 100), tick(60_000), report(1, "DELIVERED", 61_000)];
  expect(statusesOf("READ", ...unread)).toEqual(["whatsapp delivered", "sms delivered"]);
});

it("tells once that a message was submitted, where the carrier's receipt comes first too", () => {
  const [accepted, wasSent] = [report(0, "ACCEPTED", 100), report(0, "SENT", 100)];
  expect(statusesOf("READ", accepted, wasSent)).toEqual(["whatsapp submitted"]);
  expect(statusesOf("READ", wasSent, accepted)).toEqual(["whatsapp submitted"]);
});

/** The error that a `vonage` webhook tells of a WhatsApp message whose only report is `said`. */
function errorTold(said: FallbackInput) {
  const steps = [step("whatsapp", null, "DELIVERED")];
  const entry = entryAfter([sent(steps), said]);
  const message = { entry, request: storedRequest(), templates: new Map(), prices: new Map() };
  const [first] = tellables(entry, { format: "vonage", now: START });
  return JSON.parse(dialectOf("vonage").notifications.body(first!, message));
}

describe("an error", () => {
  it.each([
    ["UNKNOWN", "1330"],
    ["PERMANENT", "1260"],
    ["TEMPORARY", "1331"],
    ["CONSENT", "1240"],
    ["SENDER", "1140"],
    ["CONTENT", "1282"],
  ] as const)(
    "of the kind %s has the number %s, whatever the carrier's code",
    (errorClass, number) => {
      const fault = { errorClass, errorCode: "x-1", errorText: "no" } as const;
      expect(errorTold(report(0, "UNDELIVERED", 100, fault))).toMatchObject({
        status: "rejected",
        error: { title: number, type: expect.stringMatching(new RegExp(`#${number}$`)) },
      });
    },
  );

  it.each([
    ["131026", "1300"],
    ["131047", "1340"],
    ["131049", "1461"],
    ["132001", "1022"],
    ["130429", "1000"],
    ["no-address", "1430"],
  ])("of the code %s is told with the number %s", (errorCode, number) => {
    const fault = { errorClass: "PERMANENT", errorCode, errorText: "no" } as const;
    expect(errorTold(report(0, "REJECTED", 100, fault)).error.title).toBe(number);
  });

  it("of a provider that could not be reached is undeliverable, 1100", () => {
    const fault = { errorClass: "TEMPORARY", errorCode: "http-503", errorText: "away" } as const;
    expect(errorTold(report(0, "FAILED", 100, fault))).toMatchObject({
      status: "undeliverable",
      error: { title: "1100", detail: expect.stringContaining("(http-503: away)") },
    });
  });

  it("has a number and a title of Vonage's list", () => {
    const own = Object.fromEntries(Object.entries(errorList).map(([no, [title]]) => [no, title]));
    expect(errors.titles).toMatchObject(own);
  });
});
