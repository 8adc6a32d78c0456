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
