// A chunk may hold more of one message than a story has room for: what is stored of that can be read.
import { assert, expect, it } from "vitest";
import { withinBounds } from "#libs/contracts/bounds.ts";
import type { StatusReport } from "#libs/contracts/generated/types.ts";
import { PoisonRecordError } from "#libs/errors.ts";
import { fallbackRules } from "#libs/fallback/inputs.ts";
import { transition } from "#libs/message-flow/transition.ts";
import { decodeOwn } from "#test/support/decode-own.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { codecOf } from "#test/support/record-codecs.ts";
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const context = {
  now: START,
  apartMs: 0,
  settings: demoView(),
  timeScale: 1,
  rules: fallbackRules,
};
const ids = Array.from({ length: 255 }, (_, index) => `part-${index}`);

function report(more: Partial<StatusReport>) {
  const none = { errorCode: null, errorClass: null, errorText: null, segmentCount: null };
  const rest = { charge: null, route: null, revocation: null, occurredAt: START };
  const said = {
    ...none,
    ...rest,
    reportId: "r",
    messageId: "m-1",
    attemptIndex: 0,
    provider: "simulated-sms",
    providerMessageId: ids[0] ?? null,
    providerMessageIds: [],
    channel: "sms",
    status: "SENT",
    receivedAt: START,
    ...more,
  } satisfies StatusReport;
  const joined = { isOfAnother: false, isLinked: true };
  return { type: "StatusReport", messageId: "m-1", report: said, ...joined } as const;
}

it("is stored readably when 500 words on the parts of an SMS come at once", () => {
  const request = storedRequest({ steps: [requestedStep("sms"), requestedStep("whatsapp")] });
  const bytes = codecOf("send-request").encode(request);
  const { messageId, accountId } = request;
  const sent = { messageId, accountId, request, faults: [], bytes, traceparent: "" };
  const started = transition(messageId, null, [{ type: "SendRequest", ...sent }], context);
  assert(started);
  const words = ids.flatMap((providerMessageId) => [
    report({ providerMessageId }),
    report({ providerMessageId, status: "DELIVERED" }),
  ]);
  const taken = report({ status: "ACCEPTED", providerMessageIds: ids });
  const moved = transition(messageId, started.entry, [taken, ...words], context);
  assert(moved && moved.events.length > 500);
  const value = codecOf("journal-entry").encode(moved.entry);
  const read = withinBounds("journal-entry", decodeOwn("journal-entry", value), value.length);
  expect(read).not.toBeInstanceOf(PoisonRecordError);
  expect([moved.entry.story.length, moved.entry.newEventCount]).toEqual([200, 200]);
});
