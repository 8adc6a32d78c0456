import { expect, it } from "vitest";
import { isSmsSource } from "#libs/sms-text/sms-source.ts";

it.each([
  "ACME",
  "A",
  "Acme Shop",
  "ACME-SG",
  "8x8",
  "12345678901",
  "+6591234567",
  "123456789012345",
])("%j can be the sender of an SMS", (source) => {
  expect(isSmsSource(source)).toBe(true);
});

it.each([
  "THIS IS MUCH TOO LONG FOR SMS",
  "TWELVELETTER",
  "1234567890123456",
  "",
  " ",
  " ACME",
  "ACME ",
  "ACME!",
  "Café",
  "АСМЕ",
  "A\nB",
  "+ACME",
])("%j cannot", (source) => {
  expect(isSmsSource(source)).toBe(false);
});
