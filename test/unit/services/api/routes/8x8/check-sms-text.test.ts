import { assert, describe, expect, it } from "vitest";
import { checkSmsText } from "#services/api/routes/8x8/check-sms-text.ts";
import { Refusal } from "#services/api/routes/8x8/refusal.ts";
import { demoView } from "#test/support/demo-settings.ts";

const account = demoView().findAccount("demo");
assert(account);
const bySms = { steps: [{ channel: "sms" }], account };
const byViber = { steps: [{ channel: "viber" }], account };
const byDefaultFlow = { steps: [], account };
const upTo = (smsSegmentsMax: number) => ({ ...bySms, account: { ...account, smsSegmentsMax } });

type Encoding = "AUTO" | "GSM" | "UNICODE";
const saying = (text: string, encoding: Encoding = "AUTO", fallbackText: string | null = null) => ({
  text,
  fallbackText,
  sms: { encoding, source: null },
});

function refusalOf(...args: Parameters<typeof checkSmsText>) {
  try {
    checkSmsText(...args);
    return undefined;
  } catch (error) {
    assert(error instanceof Refusal);
    return error;
  }
}

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
    expect(refusalOf(saying(said, encoding), bySms)).toBeUndefined();
    expect(refusalOf(saying(`${said}a`, encoding), bySms)).toMatchObject({ code: 3017 });
  });

  it("may have as many segments as the account allows", () => {
    expect(refusalOf(saying("a".repeat(459)), upTo(3))).toBeUndefined();
    expect(refusalOf(saying("a".repeat(460)), upTo(3))).toMatchObject({ code: 3017 });
    expect(refusalOf(saying("я".repeat(670)), upTo(10))).toBeUndefined();
    expect(refusalOf(saying("я".repeat(671)), upTo(10))).toMatchObject({ code: 3017 });
  });

  it("is AUTO where the client says nothing of SMS", () => {
    const content = { text: "a".repeat(160), fallbackText: null, sms: null };
    expect(refusalOf(content, bySms)).toBeUndefined();
  });

  it("says how long it is, and what is allowed", () => {
    expect(refusalOf(saying("я".repeat(71)), bySms)?.message).toBe(
      "Fallback text is too long: content.text is 2 SMS (71 Unicode characters), this sub-account allows 1.",
    );
    const fallback = refusalOf(saying("x", "AUTO", "€".repeat(81)), bySms);
    expect(fallback?.message).toMatch(/content.fallbackText is 2 SMS \(162 GSM characters\)/);
  });

  it("is refused where GSM is demanded and lacks a character, which is named", () => {
    expect(refusalOf(saying("1 € or 1 ₿", "GSM"), bySms)).toMatchObject({
      code: 1003,
      message: 'Invalid encoding: content.text has "₿", which GSM lacks; use AUTO or UNICODE.',
    });
  });
});

describe("which text is checked", () => {
  const long = "a".repeat(161);

  it("is text where a step, or one of the default flow, sends it by SMS", () => {
    expect(refusalOf(saying(long), bySms)).toMatchObject({ code: 3017 });
    expect(refusalOf(saying(long), byDefaultFlow)).toMatchObject({ code: 3017 });
    expect(refusalOf(saying(long), byViber)).toBeUndefined();
    expect(refusalOf(saying("я", "GSM"), byViber)).toBeUndefined();
  });

  it("is fallbackText instead wherever there is one", () => {
    expect(refusalOf(saying(long, "AUTO", "short"), bySms)).toBeUndefined();
    expect(refusalOf(saying("short", "AUTO", long), byViber)).toMatchObject({ code: 3017 });
  });
});
