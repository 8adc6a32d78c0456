// What Kaleyra's "Configure Second Channel" says of its fields, of time and of reports: flows made as
// its wizard makes them, and their invocations by the decider itself, in virtual time.
import { describe, expect, it } from "vitest";
import { parseFirstChannel, parseSecondChannel } from "#libs/dialects/kaleyra/flows/body.ts";
import {
  publishFlow,
  withFirstChannel,
  withSecondChannel,
} from "#libs/dialects/kaleyra/flows/change-flow.ts";
import { flowView } from "#libs/dialects/kaleyra/flows/flow-view.ts";
import { parseInvocation } from "#libs/dialects/kaleyra/invoke/parse-invocation.ts";
import { ShapeError } from "#libs/json/parse-given.ts";
import { toSendRequestInput } from "#libs/message-flow/message-input.ts";
import { withBody } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { entryAfter, report, START, tick } from "#test/support/journal-entry.ts";
import { kaleyraAccount, kaleyraTemplates } from "#test/support/kaleyra-flows.ts";
import { wayAfter } from "#test/support/message-way.ts";

const account = kaleyraAccount();
const byWhatsapp = { from: "FALLTHRU", template: "order.en", delay: 60 };
const bySms = { from: "FALLTHRU", template: "plain-sms", delay: 60 };
const panes = { whatsapp: byWhatsapp, sms: bySms };
type Order = [first: keyof typeof panes, second: keyof typeof panes];
const orders: Order[] = [
  ["whatsapp", "sms"],
  ["sms", "whatsapp"],
];

/** A flow whose second channel is whichever one is selected by default. */
function flowOf([first]: Order) {
  const empty = { name: "Orders", versions: [] };
  const begun = withFirstChannel(empty, { channel: first, ...panes[first] }, account);
  const second = first === "sms" ? byWhatsapp : bySms;
  return withSecondChannel(begun, second, account);
}

/** An invocation of that flow, once it is published. */
function invoked(order: Order) {
  const flow = publishFlow(flowOf(order), account, START);
  const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
  const setting = withBody({ ...stamp, kind: "flow", name: "orders" }, flow);
  const settings = demoView(...kaleyraTemplates, setting);
  const parameters = { whatsapp: { "1": "Ann", "2": "17" }, sms: {} };
  const [send1, send2] = order.map((channel) => {
    return { recipient: "919812345678", templateParams: parameters[channel] };
  });
  const { request } = parseInvocation(
    { requestId: "r1", input: { send1, send2 } },
    { account: settings.findAccount("demo")!, flowId: "orders", messageId: "m-1", now: START },
  );
  const input = toSendRequestInput(request, { now: START, apartMs: 0, settings, timeScale: 1 });
  return { request, input, account };
}

describe("Kaleyra: the second channel", () => {
  it.each(orders)("after %s is %s by default", (...order) => {
    expect(flowView("f", flowOf(order), account).secondChannel?.channel).toBe(order[1]);
  });

  it.each(["from", "template", "delay"])("must have its %s configured", (member) => {
    const { [member]: _, ...rest } = { ...bySms } as Record<string, unknown>;
    expect(() => parseSecondChannel(rest)).toThrow(ShapeError);
    expect(() => parseFirstChannel({ channel: "sms", ...rest })).toThrow(ShapeError);
    expect(parseSecondChannel(bySms)).toEqual(bySms);
  });

  it.each(["viber", "rcs", "SMS"])("is SMS or WhatsApp, and not %s", (channel) => {
    expect(() => parseSecondChannel({ channel, ...bySms })).toThrow(ShapeError);
    expect(() => parseFirstChannel({ channel, ...bySms })).toThrow(ShapeError);
  });
});

describe.each(orders)("Kaleyra: after %s, %s", (...order) => {
  const message = invoked(order);
  const [first, second] = [`0 ${order[0]}`, `60 ${order[1]}`];

  it("is triggered at once where the message on the first channel fails", () => {
    const way = wayAfter(message, report(0, "UNDELIVERED", 1_000));
    expect(way).toEqual([first, `1 ${order[1]}`]);
  });

  it("is triggered when the configured delay has elapsed", () => {
    const sent = report(0, "SENT", 1_000);
    expect(wayAfter(message, sent, tick(59_999))).toEqual([first]);
    expect(wayAfter(message, sent, tick(60_000))).toEqual([first, second]);
    expect(wayAfter(message, report(0, "DELIVERED", 59_999), tick(60_000))).toEqual([first]);
  });

  it("ends the flow when its own delay expires, and a DLR after that is ignored", () => {
    const closed = [tick(60_000), report(1, "SENT", 61_000), tick(120_000)];
    const { state } = entryAfter([message.input, ...closed]);
    expect(state).toMatchObject({ phase: "ENDED", outcome: "UNCONFIRMED", revision: 1 });
    const late = [report(1, "DELIVERED", 121_000), report(0, "READ", 122_000)];
    const after = entryAfter([message.input, ...closed, ...late]);
    expect(after.state).toMatchObject({ outcome: "UNCONFIRMED", revision: 1 });
    expect(after.story.slice(-2)).toMatchObject([
      { rule: "late-reports-ignored" },
      { rule: "late-reports-ignored" },
    ]);
  });

  it("ends the flow where it fails within its delay, and nothing is sent again", () => {
    const failed = [tick(60_000), report(1, "UNDELIVERED", 70_000), tick(120_000)];
    const { state } = entryAfter([message.input, ...failed]);
    expect(state).toMatchObject({ phase: "ENDED", outcome: "EXHAUSTED" });
    expect(wayAfter(message, ...failed)).toEqual([first, second]);
  });
});
