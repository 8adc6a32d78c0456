// A message that has ended is over for whoever reads of it, in every dialect: none is on its way for good.
import { assert, describe, expect, it } from "vitest";
import { messageRows } from "#libs/dialects/8x8/rows/message-rows.ts";
import { messageRow } from "#libs/dialects/alibaba/list/message-row.ts";
import { dialects } from "#libs/dialects/dialects.ts";
import type { DialectName } from "#libs/dialects/names.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { tellables } from "#services/webhook-notifier/tellable.ts";
import { demoView } from "#test/support/demo-settings.ts";
import {
  cancel,
  entryAfter,
  faultOf,
  report,
  START,
  sent,
  step,
  tick,
} from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const WEEK_MS = 7 * 24 * 3_600_000;
const one = [step("whatsapp", null, "DELIVERED")];
const timed = [step("whatsapp", 60_000, "DELIVERED")];
const two = [...timed, step("sms", null, "DELIVERED")];
const later = sent(one, { scheduledAt: START + 60_000 });
const short = { expiresAt: START + 1_000 };
const accepted = report(0, "ACCEPTED", 10);

const ends: readonly (readonly [string, readonly FallbackInput[]])[] = [
  ["refused", [sent(one, { faults: [faultOf("unknown-flow")] })]],
  ["too old", [sent(one, { at: START + WEEK_MS })]],
  ["canceled before its time", [later, cancel(10)]],
  ["canceled before it came", [cancel(0), sent(one)]],
  ["canceled without a word", [sent(one), cancel(10)]],
  ["canceled when it was accepted", [sent(one), accepted, cancel(20)]],
  ["canceled on its second step", [sent(two), tick(60_000), cancel(70_000)]],
  ["expired before its time", [{ ...later, ...short }, tick(1_000)]],
  ["expired without a word", [sent(one, short), tick(1_000)]],
  ["expired when it was accepted", [sent(one, short), accepted, tick(1_000)]],
  ["silent until its wait was over", [sent(timed), accepted, tick(60_000)]],
  ["silent for as long as reports are taken", [sent(one), accepted, tick(WEEK_MS)]],
  ["failed", [sent(one), report(0, "FAILED", 10)]],
  ["rejected by the carrier", [sent(one), report(0, "REJECTED", 10)]],
  ["expired at the carrier", [sent(one), report(0, "EXPIRED", 10)]],
  ["left, then failed", [sent(two), tick(60_000), report(1, "UNDELIVERED", 61_000)]],
];

function messageAfter(inputs: readonly FallbackInput[]) {
  const entry = entryAfter(inputs);
  assert(entry.state.phase === "ENDED");
  return { entry, request: storedRequest(), templates: new Map(), prices: new Map() };
}

/** The last that a webhook of the dialect is told. */
function lastTold(name: DialectName, inputs: readonly FallbackInput[]) {
  const message = messageAfter(inputs);
  const told = tellables(message.entry, { format: name, now: START }).at(-1);
  assert(told);
  const { body, second } = dialects[name].notifications;
  return JSON.parse((told.isSecond && second ? second.body : body)(told, message));
}

describe.each(ends)("a message that was %s", (_, inputs) => {
  it("is `fail` in Alibaba's list, with a reason", () => {
    const row = messageRow(messageAfter(inputs));
    expect(row).toMatchObject({ MessageStatus: "fail", FailReason: expect.stringMatching(/./) });
  });

  it("has failed in 8x8's rows", () => {
    const account = demoView().findAccount("demo");
    assert(account);
    const last = messageRows(messageAfter(inputs), account).at(-1)?.status;
    expect(last?.state).toMatch(/^(undelivered|rejected)$/);
    expect(last?.errorCode).toBeGreaterThan(0);
  });

  it("is told to be over to every webhook", () => {
    expect(lastTold("alibaba", inputs)).toMatchObject([{ Status: "Failed" }]);
    expect(lastTold("8x8", inputs).payload).toMatchObject({
      status: { state: expect.stringMatching(/^(undelivered|rejected)$/) },
      final: true,
    });
    expect(lastTold("vonage", inputs).status).toMatch(/^(rejected|undeliverable)$/);
    expect(lastTold("vonage-dispatch", inputs).status).toBe("error");
    expect(lastTold("infobip", inputs).results[0].status.groupName).not.toMatch(
      /PENDING|DELIVERED/,
    );
    expect(lastTold("kaleyra", inputs)).toHaveProperty("executionStatus");
    expect(lastTold("native", inputs).type).toBe("message.ended");
  });
});

it("has succeeded in Alibaba's list once late news says so", () => {
  const inputs = [sent(one), accepted, cancel(20), report(0, "DELIVERED", 30)];
  expect(messageRow(messageAfter(inputs))).toMatchObject({
    MessageStatus: "success",
    FailReason: "",
  });
  expect(lastTold("alibaba", inputs)).toMatchObject([{ Status: "Delivered" }]);
});

it("tells Vonage's clients why: canceled is 1330, over without a word 1360", () => {
  const canceled = lastTold("vonage", [sent(one), accepted, cancel(20)]);
  const detail = expect.stringMatching(/\(canceled\)$/);
  expect(canceled.error).toMatchObject({ title: "1330", detail });
  expect(lastTold("vonage", [sent(one, short), tick(1_000)]).error.title).toBe("1360");
});
