import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { maskNumber } from "#libs/phone-numbers/mask-number.ts";
import { createLog } from "#libs/telemetry/log.ts";

function lineOf(fields: object, sentence = "sent"): string {
  const stream = new PassThrough();
  createLog("api", "info", stream).info(fields, sentence);
  return String(stream.read());
}

const logged = (fields: object): unknown => JSON.parse(lineOf(fields));

it("masks phone numbers by field name, down to two levels", () => {
  const entry = logged({
    msisdn: "+6591234567",
    user: { msisdn: "+6591234567" },
    to: "+6591234567",
  });
  expect(entry).toMatchObject({
    service: "api",
    msg: "sent",
    msisdn: "+65*****567",
    user: { msisdn: "+65*****567" },
    to: "+65*****567",
  });
});

it("leaves nothing of a number that is too short to mask", () => {
  expect(maskNumber("+65123")).toBe("******");
});

it("writes no character that a terminal takes for a command, and says the same", () => {
  const text = String.fromCodePoint(0, 10, 27, 0x7f, 0x85, 0x9b, 0x2028, 0x202e, 0x20ac);
  const line = lineOf({ messageId: text, [text]: { err: new Error(text) } }, text);
  expect(line.trimEnd()).not.toMatch(/[\p{Cc}\u2028\u202e]/u);
  expect(line.endsWith("}\n")).toBe(true);
  expect(JSON.parse(line)).toMatchObject({ messageId: text, msg: text, [text]: {} });
});
