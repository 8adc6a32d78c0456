// What a message uses of its account's day: one number has one counter, however it is spelt.
import { assert, expect, it } from "vitest";
import { countersOf } from "#libs/daily-caps/counters.ts";
import { NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { withBody } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { numbered, requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const daily = { messagesPerNumber: 5, messagesPerPrefix: 9, messagesByPrefix: { "+447": 7 } };
const place = { accountId: "demo", kind: "limits", name: "limits" } as const;
const stamp = { revision: 1, changedAt: 0, changedBy: "t" };
const account = demoView(withBody({ ...place, ...stamp }, { ...NO_LIMITS, daily })).findAccount(
  "demo",
);

function namesOf(channel: string, recipient: object): string[] {
  assert(account);
  const to = { msisdn: null, country: null, channelUserIds: {}, ...recipient };
  const request = storedRequest({ recipient: to, steps: [requestedStep(channel)] });
  return countersOf(request, account).map(({ name }) => name);
}

it.each([
  ["sms", { msisdn: "+447400123456" }],
  ["sms", { msisdn: "+4407400123456" }],
  ["whatsapp", { channelUserIds: { whatsapp: "whatsapp:+447400123456" } }],
  ["viber", { channelUserIds: { viber: "00447400123456" } }],
])("counts a number on %s as one and the same: %o", (channel, recipient) => {
  const counted = ["number:+447400123456", "block:+447400123", "prefix:+447"];
  expect(namesOf(channel, recipient)).toEqual(counted);
});

it("counts an id that is no number by itself, and in no block of numbers", () => {
  const recipient = { channelUserIds: { whatsapp: "US.13491234567890" } };
  expect(namesOf("whatsapp", recipient)).toEqual(["number:US.13491234567890"]);
});

it("counts a person once, whom two steps reach under two spellings", () => {
  assert(account);
  const viber = { ...requestedStep("viber"), recipient: numbered("+447400123456") };
  const sms = { ...requestedStep("sms"), recipient: numbered("+4407400123456") };
  const counters = countersOf(storedRequest({ steps: [viber, sms] }), account);
  expect(counters.map(({ amount }) => amount)).toEqual([1, 1, 1]);
});
