import { expect, it } from "vitest";
import { dialectOf } from "#libs/dialects/dialects.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { tellables } from "#services/webhook-notifier/tellable.ts";
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
