import { describe, expect, it } from "vitest";
import { measureSms } from "#libs/sms-text/measure-sms.ts";
import { segmentSms } from "#libs/sms-text/segment-sms.ts";

const gsm = (unitCount: number, segmentCount = 1) => ({ alphabet: "GSM", unitCount, segmentCount });
const ucs2 = (unitCount: number, segmentCount = 1) => ({
  alphabet: "UCS2",
  unitCount,
  segmentCount,
});

// The boundaries are those of 3GPP TS 23.038 and 23.040.
describe("a text of GSM characters", () => {
  it.each([
    [0, 1],
    [1, 1],
    [160, 1],
    [161, 2],
    [306, 2],
    [307, 3],
    [459, 3],
    [460, 4],
    [1_530, 10],
    [1_531, 11],
  ])("of %d septets is %d segments", (length, segmentCount) => {
    expect(measureSms("a".repeat(length), "AUTO")).toEqual(gsm(length, segmentCount));
    expect(measureSms("a".repeat(length), "GSM")).toEqual(gsm(length, segmentCount));
  });

  it.each(Array.from("^{}\\[~]|€\f"))("pays two septets for %j", (character) => {
    expect(measureSms(character, "AUTO")).toEqual(gsm(2));
  });

  it.each(Array.from("@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà"))(
    "pays one for %j",
    (character) => {
      expect(measureSms(character, "AUTO")).toEqual(gsm(1));
    },
  );

  it("has 80 characters of the extension table in one segment, not 81", () => {
    expect(measureSms("€".repeat(80), "AUTO")).toEqual(gsm(160));
    expect(measureSms("€".repeat(81), "AUTO")).toEqual(gsm(162, 2));
  });

  it("never cuts between an escape and its character: 153 is odd, so one septet stays empty", () => {
    expect(measureSms("€".repeat(153), "AUTO")).toEqual(gsm(306, 3));
    const straddling = `${"a".repeat(152)}€${"b".repeat(151)}`;
    expect(segmentSms(straddling, "AUTO")).toEqual({
      alphabet: "GSM",
      unitCount: 305,
      segments: ["a".repeat(152), `€${"b".repeat(151)}`],
    });
    expect(measureSms(`${straddling}b`, "AUTO")).toEqual(gsm(306, 3));
  });
});

describe("a text with other characters", () => {
  it.each([
    ["ç", "only the capital is in the alphabet"],
    ["`", "the backtick is not"],
    ["Я", "nor is Cyrillic"],
    ["Α", "nor a Greek capital that looks like a Latin one"],
    ["\t", "nor a tab"],
    ["\u001b", "nor the escape itself"],
    ["’", "nor a typographer's apostrophe"],
  ])("is UCS-2 for %j: %s", (character) => {
    expect(measureSms(`plain ${character}`, "AUTO")).toEqual(ucs2(7));
  });

  it.each([
    [70, 1],
    [71, 2],
    [134, 2],
    [135, 3],
    [670, 10],
    [671, 11],
  ])("of %d units is %d segments", (length, segmentCount) => {
    expect(measureSms("я".repeat(length), "AUTO")).toEqual(ucs2(length, segmentCount));
    expect(measureSms("a".repeat(length), "UNICODE")).toEqual(ucs2(length, segmentCount));
  });

  it("counts an emoji as the two units that it takes, and never cuts through it", () => {
    expect(measureSms("😀".repeat(35), "AUTO")).toEqual(ucs2(70));
    const straddling = `${"я".repeat(66)}😀${"я".repeat(65)}`;
    expect(segmentSms(straddling, "AUTO")).toEqual({
      alphabet: "UCS2",
      unitCount: 133,
      segments: ["я".repeat(66), `😀${"я".repeat(65)}`],
    });
    expect(measureSms(`${straddling}я`, "AUTO")).toEqual(ucs2(134, 3));
  });

  it("names the first character that a forced GSM lacks", () => {
    expect(measureSms("naïve 😀", "GSM")).toEqual({ unencodable: "ï" });
    expect(measureSms("ok 😀", "GSM")).toEqual({ unencodable: "😀" });
  });
});
