// To whom an account may send, and under which names: the operator's word.
import { assert, describe, expect, it } from "vitest";
import type { Recipient, SendRequest, Step } from "#libs/contracts/generated/types.ts";
import { faultsOf } from "#libs/judgement/judge.ts";
import { type Limits, NO_LIMITS } from "#libs/settings/bodies/limits.ts";
import { demoSettings } from "#libs/settings/demo-account.ts";
import { ALL_ACCOUNTS, withBody } from "#libs/settings/setting.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { START } from "#test/support/journal-entry.ts";
import { numbered, requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const sms = requestedStep("sms");
const whatsapp = requestedStep("whatsapp");

function limits(accountId: string, body: Partial<Limits>) {
  const stamp = { revision: 1, changedAt: 0, changedBy: "*/first" };
  const place = { accountId, kind: "limits", name: "limits" } as const;
  return withBody({ ...place, ...stamp }, { ...NO_LIMITS, ...body });
}

/** Codes and places of a request's faults within limits of the account and of all accounts. */
function faultsWithin(own: Partial<Limits>, all: Partial<Limits>, more: Partial<SendRequest>) {
  const account = demoView(limits("demo", own), limits(ALL_ACCOUNTS, all)).findAccount("demo");
  assert(account);
  const faults = faultsOf(storedRequest(more), { account, now: START });
  return faults.map(({ code, path }) => `${code} ${path}`);
}

const sentTo = (msisdn: string, step: Step = sms) => ({
  recipient: numbered(msisdn),
  steps: [step],
});
const byId = (channelUserIds: Record<string, string>): Recipient => ({
  msisdn: null,
  country: null,
  channelUserIds,
});

const to = (id: string) => ({ recipient: byId({ whatsapp: id }), steps: [whatsapp] });
const from = (source: string) => ({
  content: { ...storedRequest().content, sms: { encoding: "AUTO" as const, source } },
});

describe("number classes", () => {
  it.each([
    ["a British premium-rate number", "+449098790000"],
    ["the same with its trunk zero", "+4409098790000"],
    ["an American one", "+19002345678"],
    ["one of Singapore", "+6519001234567"],
    ["international premium rate", "+979123456789"],
    ["the same, a digit short", "+97912345678"],
    ["Inmarsat", "+870773111632"],
    ["Inmarsat's code of before", "+871123456789"],
    ["Iridium", "+8816123456789"],
    ["Thuraya", "+882161234567"],
    ["networks of no country", "+8835100012345"],
    ["international shared cost", "+80812345678"],
    ["German shared cost", "+491801234567"],
    ["French shared cost", "+33810123456"],
  ])("leave out %s, unless it is allowed", (_what, number) => {
    const code = "number-class-not-allowed /recipient/msisdn";
    for (const step of [sms, whatsapp]) {
      expect(faultsWithin({}, {}, sentTo(number, step))).toEqual([code]);
    }
    const allowed = { "premium-rate": true, "shared-cost": true, satellite: true };
    expect(faultsWithin({ numberClasses: allowed }, {}, sentTo(number))).toEqual([]);
    expect(faultsWithin({}, { numberClasses: allowed }, sentTo(number))).toEqual([]);
  });

  it.each(["+6591234567", "+6599990250", "+447400123456", "+12025550123", "+80012345678"])(
    "take %s",
    (number) => {
      expect(faultsWithin({}, {}, sentTo(number))).toEqual([]);
    },
  );

  it("of an account stand before those of all, class by class", () => {
    const all = { numberClasses: { mobile: false, satellite: true } };
    const own = { numberClasses: { mobile: true } };
    expect(faultsWithin({}, all, sentTo("+6591234567"))).toHaveLength(1);
    expect(faultsWithin(own, all, sentTo("+6591234567"))).toEqual([]);
    expect(faultsWithin(own, all, sentTo("+8816123456789"))).toEqual([]);
  });

  it("are judged of whomever a step reaches, and of a number that is given as an id", () => {
    const premium = "+449098790000";
    const second = { ...sms, recipient: numbered(premium) };
    expect(faultsWithin({}, {}, { ...sentTo("+6591234567"), steps: [sms, second] })).toEqual([
      "number-class-not-allowed /steps/1/recipient/msisdn",
    ]);
    const ids = byId({ sms: premium, whatsapp: premium });
    expect(faultsWithin({}, {}, { recipient: ids, steps: [sms] })).toEqual([
      "number-class-not-allowed /recipient/channelUserIds/sms",
    ]);
    expect(faultsWithin({}, {}, { recipient: ids, steps: [whatsapp] })).toEqual([
      "number-class-not-allowed /recipient/channelUserIds/whatsapp",
    ]);
  });

  it.each([
    "whatsapp:+881612345678",
    "881612345678",
    "00881612345678",
    "+4409098790000",
    "449098790000",
  ])("are judged of an id that is a number in other words, %s", (id) => {
    const codes = ["number-class-not-allowed /recipient/channelUserIds/whatsapp"];
    expect(faultsWithin({}, {}, to(id))).toEqual(codes);
    const viber = { recipient: byId({ viber: id }), steps: [requestedStep("viber")] };
    expect(faultsWithin({}, {}, viber)).toHaveLength(1);
  });

  it("are told once of a number that several steps reach", () => {
    const more = { ...sentTo("+8816123456789"), steps: [whatsapp, sms] };
    expect(faultsWithin({}, {}, more)).toHaveLength(1);
  });
});

describe("countries", () => {
  const code = "country-not-allowed /recipient/msisdn";

  it("are those that are allowed and not denied", () => {
    const allowed = { countries: { allowed: ["SG", "GB"], denied: ["GB"] } };
    expect(faultsWithin(allowed, {}, sentTo("+6591234567"))).toEqual([]);
    expect(faultsWithin(allowed, {}, sentTo("+447400123456"))).toEqual([code]);
    expect(faultsWithin(allowed, {}, sentTo("+61491570156"))).toEqual([code]);
    expect(faultsWithin({ countries: { denied: ["AU"] } }, {}, sentTo("+61491570156"))).toEqual([
      code,
    ]);
  });

  it("are the number's own, whatever the request says", () => {
    const recipient = { ...numbered("+61491570156"), country: "SG" };
    const more = { recipient, steps: [sms] };
    expect(faultsWithin({ countries: { allowed: ["SG"] } }, {}, more)).toEqual([code]);
  });

  it("tell apart those that share a code", () => {
    const canada = { countries: { allowed: ["CA"] } };
    expect(faultsWithin(canada, {}, sentTo("+14165550123"))).toEqual([]);
    expect(faultsWithin(canada, {}, sentTo("+12025550123"))).toEqual([code]);
    expect(faultsWithin({ countries: { denied: ["KZ"] } }, {}, sentTo("+77012345678"))).toEqual([
      code,
    ]);
  });

  it("are those of a number that is given as an id", () => {
    const denied = { countries: { denied: ["AU"] } };
    expect(faultsWithin(denied, {}, to("61491570156"))).toHaveLength(1);
    expect(
      faultsWithin({ countries: { allowed: ["AU"] } }, {}, to("whatsapp:61491570156")),
    ).toEqual([]);
  });

  it("are known of Meta's user ids, and of nobody else without a number", () => {
    const only = { countries: { allowed: ["US"] } };
    expect(faultsWithin(only, {}, to("US.1349"))).toEqual([]);
    expect(faultsWithin(only, {}, to("BR.1349"))).toHaveLength(1);
    expect(faultsWithin(only, {}, to("1349"))).toHaveLength(1);
    expect(faultsWithin({ countries: { denied: ["US"] } }, {}, to("1349"))).toEqual([]);
  });
});

describe("senders", () => {
  const approved = { senders: { sms: ["ACME"] } };
  it("are those that the operator has approved, whoever names them", () => {
    expect(faultsWithin(approved, {}, { steps: [sms] })).toEqual([
      "sender-not-approved /steps/0/sender",
    ]);
    expect(faultsWithin(approved, {}, { steps: [{ ...sms, sender: "FALLTHRU" }] })).toHaveLength(1);
    expect(faultsWithin(approved, {}, { steps: [sms], ...from("OTHER") })).toEqual([
      "sender-not-approved /content/sms/source",
    ]);
    expect(faultsWithin(approved, {}, { steps: [sms], ...from("ACME") })).toEqual([]);
  });

  it("of a channel that no limit names are the account's own", () => {
    expect(faultsWithin(approved, {}, { steps: [whatsapp] })).toEqual([]);
    expect(faultsWithin({ senders: { sms: ["FALLTHRU"] } }, {}, { steps: [sms] })).toEqual([]);
  });
});

describe("spending that has a cap", () => {
  it("needs a price for every step, by the number's own country", () => {
    const store = settingsStore();
    const all = demoSettings.filter(({ kind, name }) => kind !== "price" || name !== "sms");
    const price = { channel: "sms", perUnit: 450, currency: "EUR", chargedOn: "submit" } as const;
    const place = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
    const singapore = { ...price, country: "SG" };
    for (const setting of all) store.put(setting);
    store.put(withBody({ ...place, kind: "price", name: "sms-SG" }, singapore));
    store.put(limits("demo", { daily: { spend: 1_000_000 } }));
    const account = store.findAccount("demo");
    assert(account);
    const faultsOfSms = (recipient: Recipient) =>
      faultsOf(storedRequest({ recipient, steps: [whatsapp, sms] }), { account, now: START });
    expect(faultsOfSms(numbered("+6591234567"))).toEqual([]);
    const elsewhere = { ...numbered("+61491570156"), country: "SG" };
    expect(faultsOfSms(elsewhere)).toMatchObject([{ code: "no-price", path: "/steps/1" }]);
  });
});

it("forgets what held for all accounts once the operator takes it away", () => {
  const store = settingsStore();
  for (const setting of demoSettings) store.put(setting);
  store.put(limits(ALL_ACCOUNTS, { countries: { denied: ["SG"] } }));
  expect(store.findAccount("demo")?.limits.countries).toEqual({ denied: ["SG"] });
  store.drop(`${ALL_ACCOUNTS}/limits/limits`);
  expect(store.findAccount("demo")?.limits.countries).toEqual({});
});
