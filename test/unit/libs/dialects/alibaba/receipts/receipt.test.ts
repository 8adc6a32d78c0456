import { describe, expect, it } from "vitest";
import { dialectOf } from "#libs/dialects/dialects.ts";
import type { FallbackInput } from "#libs/fallback/inputs.ts";
import { tellables } from "#services/webhook-notifier/tellable.ts";
import { entryAfter, faultOf, report, START, sent, step } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const steps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
const fault = { errorCode: "131026", errorClass: "PERMANENT", errorText: "not a user" } as const;
const { body } = dialectOf("alibaba").notifications;

function told(...inputs: FallbackInput[]) {
  const entry = entryAfter([sent(steps), ...inputs]);
  const request = storedRequest({ clientBatchId: "task-1" });
  const message = { entry, request, templates: new Map(), prices: new Map() };
  const all = tellables(entry, { format: "alibaba", now: START });
  return all.map((tellable) => JSON.parse(body(tellable, message)));
}

describe("Alibaba: a receipt", () => {
  it("is an array of one ChatAppStatus, with Meta's code as a text", () => {
    const [first] = told(report(0, "FAILED", 200, fault));
    expect(first).toEqual([
      {
        MessageId: "m-1",
        From: "",
        To: "6591234567",
        Timestamp: START + 200,
        Status: "Failed",
        StatusDescription: "The message by whatsapp is failed.",
        ErrorCode: "131026",
        ErrorDescription: "not a user",
        MsgFrameType: "message",
        Type: "none",
        TaskId: "task-1",
        OriginPhoneNumber: "",
        ChannelType: "whatsapp",
      },
    ]);
  });

  it("comes of each status that Alibaba has, also of the SMS and after the end", () => {
    const all = told(
      report(0, "ACCEPTED", 100),
      report(0, "FAILED", 200, fault),
      report(1, "SENT", 300),
      report(1, "DELIVERED", 400),
      report(0, "DELIVERED", 900),
    );
    expect(all.map(([each]) => `${each.ChannelType} ${each.Status}`)).toEqual([
      "whatsapp Failed",
      "sms Sent",
      "sms Delivered",
      "whatsapp Delivered",
    ]);
  });

  it("of a message that was refused later says why", () => {
    const refusal = "unknown-flow";
    const entry = entryAfter([sent(steps, { faults: [faultOf(refusal)] })]);
    const message = { entry, request: storedRequest({}), templates: new Map(), prices: new Map() };
    const all = tellables(entry, { format: "alibaba", now: START });
    expect(all.map((tellable) => JSON.parse(body(tellable, message))[0])).toMatchObject([
      { Status: "Failed", ErrorCode: expect.any(String), ErrorDescription: expect.any(String) },
    ]);
  });
});
