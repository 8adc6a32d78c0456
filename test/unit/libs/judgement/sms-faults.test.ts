import { assert, describe, expect, it } from "vitest";
import { smsFaults } from "#libs/judgement/sms-faults.ts";
import type { Account } from "#libs/settings/account.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const account = demoView().findAccount("demo");
assert(account);
const bySms = { steps: [{ channel: "sms" }], account };
const byViber = { steps: [{ channel: "viber" }], account };
const upTo = (smsSegmentsMax: number) => ({ ...bySms, account: { ...account, smsSegmentsMax } });

type Encoding = "AUTO" | "GSM" | "UNICODE";
const saying = (text: string, encoding: Encoding = "AUTO", fallbackText: string | null = null) => ({
  type: "TEXT" as const,
  text,
  richJson: null,
  fallbackText,
  sms: { encoding, source: null },
});

type Plan = { steps: { channel: string }[]; account: Account };

const faultOf = (content: Parameters<typeof storedRequest>[0] & object, plan: Plan) =>
  smsFaults(storedRequest({ content: content as never }), plan.steps, plan.account)[0];

describe("the text of an SMS", () => {
  it.each([
    ["a", 160, "AUTO"],
    ["a", 160, "GSM"],
    ["€", 80, "AUTO"],
    ["я", 70, "AUTO"],
    ["a", 70, "UNICODE"],
    ["😀", 35, "AUTO"],
  ] as const)("may just fill one segment: %s times %d in %s", (character, count, encoding) => {
    const said = character.repeat(count);
    expect(faultOf(saying(said, encoding), bySms)).toBeUndefined();
    expect(faultOf(saying(`${said}a`, encoding), bySms)).toMatchObject({ code: "sms-too-long" });
  });

  it("may have as many segments as the account allows", () => {
    expect(faultOf(saying("a".repeat(459)), upTo(3))).toBeUndefined();
    expect(faultOf(saying("a".repeat(460)), upTo(3))).toMatchObject({ code: "sms-too-long" });
    expect(faultOf(saying("я".repeat(670)), upTo(10))).toBeUndefined();
    expect(faultOf(saying("я".repeat(671)), upTo(10))).toMatchObject({ code: "sms-too-long" });
  });

  it("is AUTO where the client says nothing of SMS", () => {
    const content = { text: "a".repeat(160), fallbackText: null, sms: null };
    expect(faultOf(content, bySms)).toBeUndefined();
  });

  it("says how long it is, and what is allowed", () => {
    expect(faultOf(saying("я".repeat(71)), bySms)).toMatchObject({
      path: "/content/text",
      words: "is 2 SMS (71 Unicode characters), the account allows 1: shorten it",
    });
    expect(faultOf(saying("x", "AUTO", "€".repeat(81)), bySms)).toMatchObject({
      path: "/content/fallbackText",
      words: expect.stringMatching(/is 2 SMS \(162 GSM characters\)/),
    });
  });

  it("is refused where GSM is demanded and lacks a character, which is named", () => {
    expect(faultOf(saying("1 € or 1 ₿", "GSM"), bySms)).toMatchObject({
      code: "sms-not-gsm",
      path: "/content/text",
      words: 'has "₿", which GSM lacks: use AUTO or UNICODE',
    });
  });
});

describe("which text is checked", () => {
  const long = "a".repeat(161);

  it("is text where a step sends it by SMS", () => {
    expect(faultOf(saying(long), bySms)).toMatchObject({ code: "sms-too-long" });
    expect(faultOf(saying(long), byViber)).toBeUndefined();
    expect(faultOf(saying("я", "GSM"), byViber)).toBeUndefined();
  });

  it("is fallbackText instead wherever there is one", () => {
    expect(faultOf(saying(long, "AUTO", "short"), bySms)).toBeUndefined();
    expect(faultOf(saying("short", "AUTO", long), bySms)).toMatchObject({ code: "sms-too-long" });
  });
});
