import { describe, expect, it } from "vitest";
import type { AttemptStatus } from "#libs/contracts/generated/types.ts";
import { countryOf } from "#libs/phone-numbers/country-of.ts";
import { messageCosts } from "#libs/prices/message-costs.ts";
import { withBody } from "#libs/settings/setting.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { numbered, requestedStep } from "#test/support/requested-step.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const inSingapore = withBody(
  { ...stamp, kind: "price", name: "sms-SG" },
  { channel: "sms", country: "SG", perUnit: 500, currency: "EUR", chargedOn: "submit" },
);
const account = demoView(inSingapore).findAccount("demo")!;
const steps = [{ channel: "whatsapp" }, { channel: "sms" }];

function costsOf(
  [whatsapp, sms]: (AttemptStatus | null)[],
  { segmentCount = null, text = "Hello", msisdn = "+4915112345678" }: Case = {},
) {
  const attempts = [whatsapp, sms]
    .filter((status) => status !== undefined)
    .map((status) => ({ status, segmentCount }));
  const { content } = storedRequest();
  const recipient = { msisdn, country: null, channelUserIds: {} };
  const request = storedRequest({ recipient, content: { ...content, text } });
  return messageCosts({ steps, attempts }, request, account);
}
type Case = { segmentCount?: number | null; text?: string; msisdn?: string };

describe("what is charged", () => {
  it.each<[string, AttemptStatus | null, number]>([
    ["nothing without a word of it", null, 0],
    ["nothing until it is delivered", "SENT", 0],
    ["nothing for what failed", "UNDELIVERED", 0],
    ["a delivery", "DELIVERED", 350],
    ["a delivery that was read, once", "READ", 350],
  ])("WhatsApp: %s", (_, status, amount) => {
    expect(costsOf([status])?.attempts).toEqual([amount]);
  });

  it.each<[string, AttemptStatus | null, number]>([
    ["nothing without a word of it", null, 0],
    ["nothing that was refused", "REJECTED", 0],
    ["what was taken", "ACCEPTED", 450],
    ["what was taken and then failed", "UNDELIVERED", 450],
    ["a delivery", "DELIVERED", 450],
  ])("SMS: %s", (_, status, amount) => {
    expect(costsOf([null, status])?.attempts[1]).toBe(amount);
  });
});

it("charges an SMS by its segments, as reported or else as counted", () => {
  expect(costsOf([null, "DELIVERED"], { segmentCount: 3 })?.total).toBe(1350);
  expect(costsOf([null, "DELIVERED"], { text: "ä".repeat(161) })?.total).toBe(900);
  expect(costsOf([null, "DELIVERED"], { text: "📦".repeat(36) })?.total).toBe(900);
});

it("takes the price of the recipient's country where there is one", () => {
  expect(costsOf([null, "DELIVERED"], { msisdn: "+6591234567" })?.total).toBe(500);
});

it("calls extra what the second copy costs", () => {
  expect(costsOf(["DELIVERED", "DELIVERED"])).toEqual({
    attempts: [350, 450],
    total: 800,
    extra: 450,
    currency: "EUR",
  });
  expect(costsOf(["DELIVERED", "SENT"])).toMatchObject({ total: 800, extra: 0 });
});

it("says nothing of costs for an account without prices", () => {
  const without = { ...account, prices: new Map() };
  expect(messageCosts({ steps, attempts: [] }, storedRequest(), without)).toBeNull();
  expect(messageCosts({ steps, attempts: [] }, storedRequest(), undefined)).toBeNull();
});

it("tells an attempt on a channel without a price apart from one that cost nothing", () => {
  const attempts = [{ status: "DELIVERED", segmentCount: null } as const];
  const line = messageCosts({ steps: [{ channel: "line" }], attempts }, storedRequest(), account);
  expect(line).toMatchObject({ attempts: [null], total: 0 });
});

it("knows a country by what the sender says, else by the number on the channel", () => {
  const address = { msisdn: "+6591234567", channelUserIds: {} };
  expect(countryOf({ ...address, country: null }, "sms")).toBe("SG");
  expect(countryOf({ ...address, country: "MY" }, "sms")).toBe("MY");
  const channelUserIds = { viber: "x +6591234567", whatsapp: "+447400123456", sms: "+6591234567" };
  const several = { msisdn: null, country: null, channelUserIds };
  const countries = ["viber", "whatsapp", "sms", "rcs"].map((each) => countryOf(several, each));
  expect(countries).toEqual([null, "GB", "SG", null]);
});

it("takes the price of the country of the number that a step has of its own", () => {
  const own = numbered("+6591234567");
  const requested = [requestedStep("whatsapp"), requestedStep("sms", { recipient: own })];
  const recipient = { ...numbered("+4915112345678"), country: "DE" };
  const attempts = [null, "DELIVERED" as const].map((status) => ({ status, segmentCount: 1 }));
  const request = storedRequest({ recipient, steps: requested });
  expect(messageCosts({ steps, attempts }, request, account)?.attempts).toEqual([0, 500]);
});

it("takes the price of the country of a number that is one channel's alone", () => {
  const channelUserIds = { whatsapp: "+4915112345678", sms: "+6591234567" };
  const recipient = { msisdn: null, country: null, channelUserIds };
  const attempts = [null, "DELIVERED" as const].map((status) => ({ status, segmentCount: 1 }));
  const costs = messageCosts({ steps, attempts }, storedRequest({ recipient }), account);
  expect(costs?.attempts).toEqual([0, 500]);
});

it.each([
  ["more segments than an SMS can have", 2 ** 31 - 1, 255 * 450],
  ["fewer than none", -1, 450],
])("does not believe a carrier that reports %s", (_, segmentCount, cost) => {
  expect(costsOf([null, "DELIVERED"], { segmentCount })?.attempts).toEqual([0, cost]);
});
