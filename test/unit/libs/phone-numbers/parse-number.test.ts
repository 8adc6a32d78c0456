import { describe, expect, it } from "vitest";
import { parseCountry, parseNumber } from "#libs/phone-numbers/parse-number.ts";

describe("a number", () => {
  it.each<[string, string | null, string]>([
    ["+6591234567", null, "+6591234567"],
    ["6591234567", null, "+6591234567"],
    ["+65 9123-4567", null, "+6591234567"],
    ["+65 9123\u20114567", null, "+6591234567"],
    ["(+65) 9123.4567", null, "+6591234567"],
    ["+65000000", null, "+65000000"],
    ["+44 (0)20 7946 0018", null, "+442079460018"],
    ["+44(0)2079460018", null, "+442079460018"],
    ["+49 (0) 170 1234567", null, "+491701234567"],
    ["+4402079460018", null, "+442079460018"],
    ["+39 06 6981 2345", null, "+390669812345"],
    ["+39 (0)6 6981 2345", null, "+390669812345"],
    ["+1 (415) 555-2671", null, "+14155552671"],
    ["+5215512345678", null, "+5215512345678"],
    ["9123 4567", "SG", "+6591234567"],
    ["9123.4567", "SG", "+6591234567"],
    ["9123.0000", "SG", "+6591230000"],
    ["+33.1.23.45.67.00", null, "+33123456700"],
    ["+7 (495) 123-45-67", null, "+74951234567"],
    ["+39 (06) 6981 2345", null, "+390669812345"],
    ["07911 123456", "GB", "+447911123456"],
    ["+6591234567", "GB", "+6591234567"],
  ])("%j of %s is %s", (text, country, number) => {
    expect(parseNumber(text, country)).toBe(number);
  });

  it.each(["6591234567.0", "+6591234567.00", "6591234567.", "6591234567.000", "+65 9123 4567."])(
    "that a spreadsheet wrote as %j gets no digit more",
    (text) => {
      expect(parseNumber(text, null)).toBe("+6591234567");
      expect(parseNumber(text, "SG")).toBe("+6591234567");
    },
  );

  it.each<[string]>([
    ["\u202a+6591234567\u202c"],
    ["\u200e+65\u200b9123\u20604567"],
    ["\ufeff+6591234567"],
    ["+65\u00a09123\u202f4567"],
    ["+65 9123\u00ad4567"],
    ["＋６５９１２３４５６７"],
    ["+٦٥٩١٢٣٤٥٦٧"],
  ])("%j is read alike with and without a country", (text) => {
    expect(parseNumber(text, null)).toBe("+6591234567");
    expect(parseNumber(text, "SG")).toBe("+6591234567");
  });
});

it.each([
  "BR.1393844729",
  "hello",
  "",
  " ",
  "+",
  "12",
  "call 91234567",
  "91234567 x12",
  "+6591234567;ext=5",
  "+6591234567#5",
  "tel:+6591234567",
  "6.591234567E9",
  "6591234567.5",
  "6591234567.125",
  "+65 9123 4567.0",
  "+65-9123-4567.00",
  "+65 9123 4567.000",
  "+7 (8) 495 123-45-67",
  "+36 (06) 20 123 4567",
  "+36 (06) 1 234 567",
  "65+91234567",
  "++6591234567",
  "+65-+91234567",
  "91234567/8",
  "91234567, 91234568",
  "+65 (0)9123 4567",
  "+6591234567890123",
  "+63922110xxxx",
  "1-800-FLOWERS",
  "\u00006591234567",
  "-6591234567-".repeat(20),
])("takes %j for no number, whatever the country", (text) => {
  for (const country of [null, "SG", "BR", "GB"]) expect(parseNumber(text, country)).toBeNull();
});

it("takes a local number without its country for none", () => {
  expect(parseNumber("07911123456", null)).toBeNull();
});

it("reads countries in any case, and 8x8's own word for one", () => {
  expect([parseCountry("sg"), parseCountry("uk"), parseCountry("XX")]).toEqual(["SG", "GB", null]);
});
