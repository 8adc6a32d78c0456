import { describe, expect, it } from "vitest";
import { dialectOf } from "#libs/dialects/dialects.ts";
import { isoDuration } from "#libs/dialects/kaleyra/callback/duration.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { tellables } from "#services/webhook-notifier/tellable.ts";
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
import { requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const steps = [step("whatsapp", 5_000, "DELIVERED"), step("sms", 90_000, "DELIVERED")];
const requestSteps = [
  requestedStep("whatsapp", { waitSeconds: 5 }),
  requestedStep("sms", { waitSeconds: 90 }),
];
const request = storedRequest({
  steps: requestSteps,
  flowId: "orders",
  clientMessageId: "r1",
  lateReports: "IGNORE",
  dialect: "kaleyra",
});
const { body } = dialectOf("kaleyra").notifications;

function told(...inputs: FallbackInput[]) {
  const entry = entryAfter([sent(steps, { lateReports: "IGNORE" }), ...inputs]);
  const all = tellables(entry, { format: "kaleyra", now: START });
  const message = { entry, request, templates: new Map(), prices: new Map() };
  return all.map((tellable) => JSON.parse(body(tellable, message)));
}

describe("the callback of a flow", () => {
  it("comes once, at the end, with what became of each channel", () => {
    expect(told(tick(5_000))).toEqual([]);
    const uuid = expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(told(tick(5_000), report(1, "SENT", 6_000), report(1, "DELIVERED", 7_000))).toEqual([
      {
        workflowInvocationId: "m-1",
        executionStatus: "COMPLETED",
        timestamp: "2026-11-21T12:00:07.000Z",
        result: {
          channel1: {
            createdAt: "2026-11-21T12:00:00.000Z",
            from: "",
            to: "6591234567",
            messageId: uuid,
            clientMessageId: "r1",
            channel: "whatsapp",
            statusCode: "TIMEOUT",
            timeout: "PT5S",
          },
          channel2: {
            createdAt: "2026-11-21T12:00:05.000Z",
            from: "",
            to: "6591234567",
            messageId: uuid,
            clientMessageId: "r1",
            channel: "sms",
            statusCode: "DELIVERED",
          },
        },
        kid: "m-1",
        failover_id: "m-1:1",
        config_id: "orders",
        delivered: "1",
        channel_status_id: uuid,
        channel: "sms",
        mobile: "6591234567",
        email: "",
        status_trace: "whatsapp:TIMEOUT,sms:DELIVERED",
        channel_priority: "2",
      },
    ]);
  });

  it("says that the last delay closed the flow, and nothing of a report after it", () => {
    const closed = [tick(5_000), report(1, "SENT", 6_000), tick(95_000)];
    const [end, ...more] = told(
      ...closed,
      report(1, "DELIVERED", 96_000),
      report(0, "READ", 97_000),
    );
    expect(more).toEqual([]);
    expect(end).toMatchObject({
      executionStatus: "COMPLETED",
      result: { channel2: { statusCode: "TIMEOUT", timeout: "PT1M30S" } },
      delivered: "2",
    });
  });

  it("says that the second channel failed, which ends the flow", () => {
    const [end] = told(report(0, "FAILED", 100), report(1, "UNDELIVERED", 200));
    expect(end).toMatchObject({
      executionStatus: "COMPLETED",
      result: { channel1: { statusCode: "FAILED" }, channel2: { statusCode: "UNDELIVERED" } },
      delivered: "0",
    });
    expect(end.result.channel2).not.toHaveProperty("timeout");
  });

  it("has the first channel alone where that got through", () => {
    const [end] = told(report(0, "DELIVERED", 100));
    expect(Object.keys(end.result)).toEqual(["channel1"]);
    expect(end).toMatchObject({ delivered: "1", channel: "whatsapp", channel_priority: "1" });
  });

  it("has a first channel that got through late, while the second was under way", () => {
    const [end] = told(tick(5_000), report(0, "DELIVERED", 6_000));
    expect(end.result.channel1.statusCode).toBe("DELIVERED");
    expect(end).toMatchObject({ delivered: "1", channel: "whatsapp" });
  });

  it("does not call a flow complete that was refused or canceled", () => {
    expect(told(cancel(100))).toMatchObject([{ executionStatus: "CANCELED" }]);
    const refused = entryAfter([sent(steps, { faults: [faultOf("unknown-sender")] })]);
    const [end] = tellables(refused, { format: "kaleyra", now: START });
    const message = { entry: refused, request, templates: new Map(), prices: new Map() };
    expect(JSON.parse(body(end!, message))).toMatchObject({
      executionStatus: "FAILED",
      result: {},
    });
  });
});

it.each([
  [5, "PT5S"],
  [60, "PT1M"],
  [90, "PT1M30S"],
  [900, "PT15M"],
  [3_605, "PT1H5S"],
  [0.1, "PT0.1S"],
  [0, "PT0S"],
])("%d seconds are %s", (seconds, words) => {
  expect(isoDuration(seconds)).toBe(words);
});
