import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { maskNumber } from "#libs/phone-numbers/mask-number.ts";
import { createLog } from "#libs/telemetry/log.ts";

function logged(fields: object): unknown {
  const stream = new PassThrough();
  createLog("api", "info", stream).info(fields, "sent");
  return JSON.parse(String(stream.read()));
}

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
