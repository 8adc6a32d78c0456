// What 8x8's two guides on fallback say of time, statuses and money, by their own example bodies and
// the decider itself, in virtual time.
import { describe, expect, it } from "vitest";
import { messageCosts } from "#libs/prices/message-costs.ts";
import { type Behaviour, behaviours } from "#libs/providers/simulated/behaviour.ts";
import { classOfCode } from "#libs/providers/simulated/error-classes.ts";
import { duplicateRisk } from "#libs/rehearsal/duplicate-risk.ts";
import { rehearse } from "#libs/rehearsal/rehearse.ts";
import { withBody } from "#libs/settings/setting.ts";
import { messageOf } from "#test/support/8x8/message-of.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { entryAfter, report, tick } from "#test/support/journal-entry.ts";
import { wayAfter, wayOf } from "#test/support/message-way.ts";
import { example } from "#test/support/stories.ts";

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };

describe("8x8: WhatsApp until read for 60 s, Viber until delivered for 60 s, SMS", () => {
  const message = messageOf(example("three-channels"));

  it("is sent by WhatsApp first, and by nothing else where that is read within 60 s", () => {
    expect(wayOf(message, "read")).toEqual(["0 whatsapp"]);
  });

  it("falls back to Viber where WhatsApp is not read within 60 s", () => {
    const delivered = report(0, "DELIVERED", 1_000);
    expect(wayAfter(message, delivered, tick(59_999))).toEqual(["0 whatsapp"]);
    expect(wayAfter(message, delivered, tick(60_000))).toEqual(["0 whatsapp", "60 viber"]);
    expect(wayOf(message, "delivered", "delivered")).toEqual(["0 whatsapp", "60 viber"]);
  });

  it("finally falls back to SMS where Viber is not delivered within 60 s", () => {
    const [whatsapp, viber, sms] = ["0 whatsapp", "60 viber", "120 sms"];
    expect(wayAfter(message, tick(60_000), tick(119_999))).toEqual([whatsapp, viber]);
    expect(wayAfter(message, tick(60_000), tick(120_000))).toEqual([whatsapp, viber, sms]);
    expect(wayOf(message, "delivered", "sent", "delivered")).toEqual([whatsapp, viber, sms]);
  });
});

describe("8x8: successStatus", () => {
  it.each<[string, Behaviour, Behaviour]>([
    ["Accepted", "silent", "refused"],
    ["Sent", "sent", "silent"],
    ["Delivered", "delivered", "sent"],
    ["Read", "read", "delivered"],
  ])("%s prevents the fallback once it is reached, and not before", (successStatus, far, short) => {
    const channels = [{ channel: "WhatsApp", fallbackAfter: 60, successStatus }];
    const body = {
      ...Object(example("two-channels")),
      channels: [...channels, { channel: "SMS" }],
    };
    expect(wayOf(messageOf(body), far)).toEqual(["0 whatsapp"]);
    expect(wayOf(messageOf(body), short, "read")).toHaveLength(2);
  });
});

describe("8x8: WhatsApp until delivered for 60 s, then SMS", () => {
  const message = messageOf(example("two-channels"));

  it("falls back to SMS where WhatsApp is not delivered within 60 s", () => {
    const sent = report(0, "SENT", 1_000);
    expect(wayAfter(message, sent, tick(59_999))).toEqual(["0 whatsapp"]);
    expect(wayAfter(message, sent, tick(60_000))).toEqual(["0 whatsapp", "60 sms"]);
  });

  it("sends no SMS where WhatsApp is delivered in time", () => {
    expect(wayAfter(message, report(0, "DELIVERED", 59_999), tick(60_000))).toEqual(["0 whatsapp"]);
  });
});

it("8x8: a single channel is sent by that alone, whatever becomes of it", () => {
  const message = messageOf(example("single-channel"));
  for (const behaviour of behaviours) expect(wayOf(message, behaviour)).toEqual(["0 whatsapp"]);
});

const failing = (status: "REJECTED" | "FAILED" | "UNDELIVERED", errorCode: string) => {
  return report(0, status, 1_000, { errorCode, errorClass: classOfCode("whatsapp", errorCode) });
};

describe("8x8: an SMS follows WhatsApp", () => {
  const messages = [
    messageOf(example("two-channels")),
    messageOf(example("template-without-channels")),
  ];
  it.each([
    ["the person does not have WhatsApp", failing("REJECTED", "131026")],
    ["the account was deactivated", failing("UNDELIVERED", "131026")],
    ["the network fails", failing("FAILED", "131000")],
    ["the template was rejected", failing("REJECTED", "132001")],
    ["the template is disabled", failing("REJECTED", "132016")],
  ])("at once where %s", (_, failure) => {
    for (const message of messages) {
      expect(wayAfter(message, failure)).toEqual(["0 whatsapp", "1 sms"]);
    }
  });

  it("after the configured delay where the device is offline", () => {
    expect(messages.map((message) => wayOf(message, "sent", "read"))).toEqual([
      ["0 whatsapp", "60 sms"],
      ["0 whatsapp", "300 sms"],
    ]);
  });
});

describe("8x8: a template that WhatsApp tries to deliver for 600 s", () => {
  const name = "otp_authentication";
  const template = withBody(
    { ...stamp, kind: "template", name: `${name}.en_US` },
    { channel: "whatsapp", name, language: "en_US", category: "authentication", ttlSeconds: 600 },
  );
  const body = Object(example("template-ttl-aligned"));
  const after900 = messageOf(body, template);
  const [whatsapp, sms] = body.channels;
  const channels = [{ ...whatsapp, fallbackAfter: 60 }, sms];
  const after60 = messageOf({ ...body, channels }, template);

  it("is given to WhatsApp with its TTL", () => {
    expect(after900.input.steps[0]).toMatchObject({ channel: "whatsapp", ttlSeconds: 600 });
  });

  it("has its whole 600 s before the SMS where fallbackAfter is 900, and reaches nobody twice", () => {
    const expired = tick(600_000);
    expect(wayAfter(after900, expired)).toEqual(["0 whatsapp"]);
    expect(wayOf(after900, "sent", "read")).toEqual(["0 whatsapp", "900 sms"]);
    expect(duplicateRisk(rehearse(after900, ["sent", "read"]))).toEqual({ risk: "none" });
    expect(after900.warnings).toEqual([]);
  });

  it("ends the message where it is delivered within the TTL", () => {
    const { state } = entryAfter([after900.input, report(0, "DELIVERED", 599_000), tick(900_000)]);
    expect(state).toMatchObject({ phase: "ENDED", outcome: "SUCCEEDED", succeededIndex: 0 });
    expect(state.attempts).toHaveLength(1);
  });

  it("may reach somebody twice where fallbackAfter is 60, which is warned of", () => {
    expect(wayOf(after60, "sent", "read")).toEqual(["0 whatsapp", "60 sms"]);
    expect(duplicateRisk(rehearse(after60, ["sent", "read"])).risk).toBe("possible");
    const both = [report(1, "DELIVERED", 61_000), report(0, "DELIVERED", 500_000)];
    expect(entryAfter([after60.input, tick(60_000), ...both]).state.duplicate).toBe(true);
    expect(after60.warnings).toMatchObject([{ code: "ttl-longer-than-wait" }]);
  });
});

it("8x8: WhatsApp is charged although it failed, where its price is due at once, and the SMS too", () => {
  const message = messageOf(example("template-with-fallback-text"));
  const price = { channel: "whatsapp", perUnit: 350, currency: "EUR" } as const;
  const setting = withBody(
    { ...stamp, kind: "price", name: "whatsapp" },
    { ...price, chargedOn: "submit" },
  );
  const account = demoView(setting).findAccount("demo");
  const { state } = rehearse(message, ["undelivered", "read"]);
  expect(messageCosts(state, message.request, account)).toMatchObject({
    attempts: [350, 450],
    total: 800,
  });
});
