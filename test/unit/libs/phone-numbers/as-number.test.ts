import * as fc from "fast-check";
import { expect, it } from "vitest";
import { asNumber } from "#libs/phone-numbers/as-number.ts";

it.each([
  ["+881612345678", "+881612345678"],
  ["881612345678", "+881612345678"],
  ["00881612345678", "+881612345678"],
  ["whatsapp:+881612345678", "+881612345678"],
  ["WhatsApp:00881612345678", "+881612345678"],
  ["tel:+44-7400-123456", "+447400123456"],
  ["+4407400123456", "+447400123456"],
  ["4407400123456", "+447400123456"],
  ["\u0664\u0664\u0667\u0664\u0660\u0660\u0661\u0662\u0663\u0664\u0665\u0666", "+447400123456"],
])("reads %s as %s", (address, number) => {
  expect(asNumber(address)).toBe(number);
  expect(asNumber(asNumber(address))).toBe(number);
});

it.each([
  "US.13491234567890",
  "1349",
  "1234567890123456",
  "00",
  "+",
  "",
  "whatsapp:",
  "whatsapp:US.1349",
  "whatsapp:whatsapp:+6591234567",
  "01234567890==",
  "fan-12345678",
])("leaves %s as it is", (id) => {
  expect(asNumber(id)).toBe(id);
});

it("has one spelling for a number, whether it comes in E.164 or in other words", () => {
  const codes = [
    "1",
    "1900",
    "39",
    "390",
    "44",
    "440",
    "49",
    "490",
    "7",
    "78",
    "36",
    "3606",
    "65",
    "808",
    "8816",
    "979",
  ];
  const rest = fc.stringMatching(/^[0-9]{6,11}$/);
  const numbers = fc
    .tuple(fc.constantFrom(...codes), rest)
    .map(([code, digits]) => `+${code}${digits}`);
  fc.assert(
    fc.property(numbers, (number) => {
      const spelt = asNumber(number);
      expect(asNumber(`whatsapp:${number}`)).toBe(spelt);
      expect(asNumber(spelt)).toBe(spelt);
    }),
    { numRuns: 3_000 },
  );
});
