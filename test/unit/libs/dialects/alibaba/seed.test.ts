// What Alibaba's "Use SMS fallback" says of time and reports, by the decider itself, in virtual time.
import { describe, expect, it } from "vitest";
import { parseSend } from "#libs/dialects/alibaba/send/parse-send.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { messageCosts } from "#libs/prices/message-costs.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { entryAfter, report, START, sent, step, tick } from "#test/support/journal-entry.ts";

const account = demoView().findAccount("demo")!;

function parsed(given: Record<string, string>) {
  const message = {
    ChannelType: "whatsapp",
    Type: "message",
    MessageType: "text",
    Content: { text: "Hello" },
    From: "FALLTHRU",
    To: "6591234567",
    FallBackId: "S_000001",
    FallBackContent: "Hello by SMS",
    ...given,
  };
  const sending = { account, messageId: "m-1", batchId: null, now: START };
  return parseSend(message, sending).request;
}

/** The message after the inputs, as the decider leaves it. */
function after(given: Record<string, string>, ...inputs: FallbackInput[]) {
  const request = parsed(given);
  const steps = request.steps.map(({ channel, waitSeconds, wanted }) => {
    if (wanted === "UNKNOWN") throw new Error("No step wants what is unknown.");
    return step(channel, waitSeconds === null ? null : waitSeconds * 1_000, wanted);
  });
  const { state } = entryAfter([sent(steps), ...inputs]);
  const channels = state.attempts.map((_, index) => state.steps[index]?.channel);
  return { state, channels, costs: messageCosts(state, request, account) };
}

const undelivered = { FallBackRule: "undelivered", FallBackDuration: "60" };
const byReport = { FallBackRule: "undelivered" };
const DAY_MS = 24 * 3_600_000;

describe("Alibaba's SMS fallback", () => {
  it("is triggered after 60 s without a Delivered report; one at 80 s is charged as well", () => {
    const at60 = after(undelivered, report(0, "SENT", 1_000), tick(60_000));
    expect(at60.channels).toEqual(["whatsapp", "sms"]);
    const { state, costs } = after(
      undelivered,
      report(0, "SENT", 1_000),
      tick(60_000),
      report(1, "SENT", 61_000),
      report(0, "DELIVERED", 80_000),
      report(1, "DELIVERED", 90_000),
    );
    expect(state).toMatchObject({ outcome: "SUCCEEDED", succeededIndex: 0, duplicate: true });
    expect(costs).toMatchObject({ attempts: [350, 450], extra: expect.any(Number) });
    expect(costs?.extra).toBeGreaterThan(0);
  });

  it("is not triggered before the duration is over, nor where Delivered came in time", () => {
    expect(after(undelivered, tick(59_999)).channels).toEqual(["whatsapp"]);
    const delivered = after(undelivered, report(0, "DELIVERED", 59_999), tick(60_000));
    expect(delivered.channels).toEqual(["whatsapp"]);
  });

  it("is triggered at once by a report that the message was not delivered", () => {
    for (const given of [undelivered, byReport]) {
      expect(after(given, report(0, "UNDELIVERED", 1_000)).channels).toEqual(["whatsapp", "sms"]);
    }
  });

  it("without a duration is triggered by a report alone", () => {
    expect(after(byReport, report(0, "SENT", 1_000), tick(DAY_MS)).channels).toEqual(["whatsapp"]);
  });

  it("by Unread is triggered where the message was delivered and not read in time", () => {
    const unread = { FallBackRule: "unread", FallBackDuration: "60" };
    const delivered = report(0, "DELIVERED", 1_000);
    expect(after(unread, delivered, tick(60_000)).channels).toEqual(["whatsapp", "sms"]);
    const read = report(0, "READ", 2_000);
    expect(after(unread, delivered, read, tick(60_000)).channels).toEqual(["whatsapp"]);
  });

  it("by Unread without a duration is triggered by a report of being unread alone", () => {
    const unread = { FallBackRule: "unread", ChannelType: "viber" };
    const delivered = report(0, "DELIVERED", 1_000);
    expect(after(unread, delivered, tick(DAY_MS)).channels).toEqual(["viber"]);
    const told = report(0, "UNREAD", 2_000);
    expect(after(unread, delivered, told).channels).toEqual(["viber", "sms"]);
  });

  it("by Send Failed is triggered where sending failed, and by nothing after it was sent", () => {
    const sendFailed = { FallBackRule: "sentFailed", FallBackDuration: "60" };
    expect(after(sendFailed, report(0, "REJECTED", 1_000)).channels).toEqual(["whatsapp", "sms"]);
    expect(after(sendFailed, tick(60_000)).channels).toEqual(["whatsapp", "sms"]);
    const wasSent = [report(0, "SENT", 1_000), tick(60_000), report(0, "UNDELIVERED", 70_000)];
    expect(after(sendFailed, ...wasSent).channels).toEqual(["whatsapp"]);
  });
});
