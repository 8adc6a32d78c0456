import { describe, expect, it } from "vitest";
import { dialectOf } from "#libs/dialects/dialects.ts";
import { newMessageUuid, uuidAt, workflowIdOf } from "#libs/dialects/vonage/message-uuids.ts";
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

const messageId = newMessageUuid();
const steps = [step("whatsapp", 60_000, "DELIVERED"), step("sms", null, "DELIVERED")];
const untilRead = [step("whatsapp", 60_000, "READ"), step("sms", null, "DELIVERED")];
const { prices } = demoView().findAccount("demo")!;
const { body, second } = dialectOf("vonage-dispatch").notifications;

function told(flow: typeof steps, inputs: FallbackInput[], charged = prices) {
  const entry = entryAfter([sent(flow), ...inputs], { messageId, accountId: "demo" });
  const message = { entry, request: storedRequest(), templates: new Map(), prices: charged };
  return tellables(entry, { format: "vonage-dispatch", now: START }).map((tellable) => {
    return JSON.parse((tellable.isSecond ? second!.body : body)(tellable, message));
  });
}

type Money = { price: string } | undefined;
type Told = {
  template?: string;
  status: string;
  usage: Money;
  revision?: number;
  to: { type: string };
  _links: { messages: { status: string; usage: Money }[] };
};

/** A report as `status sum revision: each message`, a status as `channel status`. */
function brief({ template, status, usage, revision = 1, to, _links: links }: Told): string {
  if (template === undefined) return `${to.type} ${status}`;
  const messages = links.messages.map((one) => `${one.status} ${one.usage?.price}`);
  return [`${status} ${usage?.price} ${revision}:`, ...messages].join(" ");
}

const briefly = (flow: typeof steps, ...inputs: FallbackInput[]) => told(flow, inputs).map(brief);
const reports = (flow: typeof steps, ...inputs: FallbackInput[]) =>
  briefly(flow, ...inputs).filter((each) => each.includes(":"));

const fallenThrough = [report(0, "SENT", 100), tick(60_000)];
const smsDelivers = [report(1, "ACCEPTED", 61_000), report(1, "DELIVERED", 62_000)];

describe("what is told of a workflow", () => {
  it("is each message's statuses, and the final report after the one that ends it", () => {
    expect(briefly(steps, ...fallenThrough, ...smsDelivers)).toEqual([
      "whatsapp submitted",
      "sms submitted",
      "sms delivered",
      "completed 0.0450 1: submitted 0.0000 delivered 0.0450",
    ]);
  });

  it("is submitted once, whether a provider says that it accepted or that it sent", () => {
    const both = [report(0, "ACCEPTED", 100), report(0, "SENT", 200)];
    expect(briefly(steps, ...both)).toEqual(["whatsapp submitted"]);
    expect(briefly(steps, report(0, "SENT", 200))).toEqual(["whatsapp submitted"]);
  });

  it("names the message and the workflow", () => {
    const [status, final] = told(steps, [report(0, "DELIVERED", 100)]);
    const dispatch_uuid = workflowIdOf(messageId);
    expect(status).toEqual({
      message_uuid: uuidAt(messageId, 0),
      to: { type: "whatsapp", number: "6591234567" },
      from: { type: "whatsapp", number: "" },
      timestamp: "2026-11-21T12:00:00.100Z",
      status: "delivered",
      usage: { price: "0.0350", currency: "EUR" },
      _links: { workflow: { dispatch_uuid, href: `/workflows/${dispatch_uuid}` } },
    });
    expect(final.dispatch_uuid).toBe(dispatch_uuid);
  });

  it("has no usage where the account has no prices", () => {
    const all = told(steps, [...fallenThrough, ...smsDelivers], new Map());
    expect(JSON.stringify(all)).not.toContain("usage");
  });
});

describe("a message that fails", () => {
  const fault = { errorCode: "131026", errorClass: "PERMANENT", errorText: "no user" } as const;

  it.each([
    ["REJECTED", "rejected", 1300],
    ["FAILED", "rejected", 1300],
    ["UNDELIVERED", "rejected", 1300],
    ["EXPIRED", "rejected", 1360],
  ] as const)("%s is %s, with Vonage's number and the carrier's words", (said, status, code) => {
    const [first] = told(steps, [report(0, said, 100, fault)]);
    const reason = expect.stringMatching(/ \(131026: no user\)$/);
    expect(first).toMatchObject({ status, error: { code, reason } });
  });

  it("is undeliverable where no provider could be reached, in the final report too", () => {
    const unreached = report(0, "FAILED", 100, { errorClass: "TEMPORARY", errorText: "no answer" });
    const all = told(steps, [unreached, ...smsDelivers]);
    expect(all[0]).toMatchObject({ status: "undeliverable", error: { code: 1100 } });
    expect(brief(all.at(-1))).toBe("completed 0.0450 1: undeliverable 0.0000 delivered 0.0450");
  });
});

describe("the final report is an error", () => {
  it.each<[string, FallbackInput[], string]>([
    ["where the last message fails", [report(1, "UNDELIVERED", 61_000)], "rejected 0.0450"],
    ["where nothing is heard of it", [tick(10 * 24 * 3_600_000)], "submitted 0.0000"],
    ["where it is cancelled", [cancel(61_000)], "submitted 0.0000"],
  ])("%s", (_, inputs, last) => {
    const [final] = reports(steps, ...fallenThrough, ...inputs);
    expect(final).toMatch(new RegExp(`^error .* 1: submitted 0.0000 ${last}$`));
  });

  it("where it was never valid", () => {
    const refused = [sent([], { faults: [faultOf("no-flow")] })];
    const entry = entryAfter(refused, { messageId, accountId: "demo" });
    const message = { entry, request: storedRequest(), templates: new Map(), prices };
    const [end] = tellables(entry, { format: "vonage-dispatch", now: START });
    expect(brief(JSON.parse(second!.body(end!, message)))).toBe("error 0.0000 1:");
  });
});

describe("an amended final report", () => {
  it("has the sum with a delivery that came after the last message's", () => {
    const late = report(0, "DELIVERED", 63_000);
    expect(reports(steps, ...fallenThrough, ...smsDelivers, late)).toEqual([
      "completed 0.0450 1: submitted 0.0000 delivered 0.0450",
      "completed 0.0800 2: delivered 0.0350 delivered 0.0450",
    ]);
  });

  it("comes for a second copy, though the first report had its cost already", () => {
    const early = report(0, "DELIVERED", 60_500);
    const [accepted, delivered] = smsDelivers;
    expect(reports(steps, ...fallenThrough, accepted!, early, delivered!)).toEqual([
      "completed 0.0800 1: delivered 0.0350 submitted 0.0450",
      "completed 0.0800 2: delivered 0.0350 delivered 0.0450",
    ]);
  });

  it("completes a workflow that was an error", () => {
    const failed = report(1, "UNDELIVERED", 61_000);
    const late = report(0, "DELIVERED", 63_000);
    expect(reports(steps, ...fallenThrough, failed, late)).toEqual([
      "error 0.0450 1: submitted 0.0000 rejected 0.0450",
      "completed 0.0800 2: delivered 0.0350 rejected 0.0450",
    ]);
  });

  it("has the sum with a delivery that completes nothing, since more was wanted", () => {
    const failed = report(1, "UNDELIVERED", 61_000);
    const [delivered, read] = [report(0, "DELIVERED", 63_000), report(0, "READ", 64_000)];
    expect(briefly(untilRead, ...fallenThrough, failed, delivered, read).slice(-5)).toEqual([
      "error 0.0450 1: submitted 0.0000 rejected 0.0450",
      "whatsapp delivered",
      "error 0.0800 2: delivered 0.0350 rejected 0.0450",
      "whatsapp read",
      "completed 0.0800 3: read 0.0350 rejected 0.0450",
    ]);
  });

  it("has the sum with an SMS that a carrier took after another message had ended all", () => {
    const ended = [...fallenThrough, report(0, "DELIVERED", 60_500)];
    const taken = [report(1, "ACCEPTED", 61_000), report(1, "UNDELIVERED", 62_000)];
    expect(reports(steps, ...ended, ...taken)).toEqual([
      "completed 0.0350 1: delivered 0.0350 submitted 0.0000",
      "completed 0.0800 2: delivered 0.0350 submitted 0.0450",
    ]);
  });

  it("is none for news that costs nothing: a message that is read after it was delivered", () => {
    const read = report(0, "READ", 200);
    expect(reports(steps, report(0, "DELIVERED", 100), read)).toHaveLength(1);
  });

  it("leaves what was told before it as it was", () => {
    const late = report(0, "DELIVERED", 63_000);
    const all = told(steps, [...fallenThrough, ...smsDelivers, late]);
    const before = told(steps, [...fallenThrough, ...smsDelivers]);
    expect(all.slice(0, before.length)).toEqual(before);
  });
});
