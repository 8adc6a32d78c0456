import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { nextConnection } from "#libs/connections/next-connection.ts";
import { cloudCredentials, PHONE_NUMBER_ID } from "#test/support/cloud-api.ts";

const sealing = { secretsKeys: [randomBytes(32)] as const, accountId: "demo" };

function next(address: string, more: object = {}) {
  const options = { phoneNumberId: PHONE_NUMBER_ID, address };
  const given = { provider: "whatsapp-cloud", enabled: true, options, ...more };
  return nextConnection({ ...given, credentials: cloudCredentials }, undefined, sealing);
}

it("takes an address that calls can be made to", () => {
  expect(next("https://meta.example:8443").options["address"]).toBe("https://meta.example:8443");
  expect(next("http://127.0.0.1:8443").guid).toMatch(/^[0-9a-f]{32}$/);
});

it("keeps the channels that it carries, and takes no others", () => {
  expect(next("https://meta.example").channels).toEqual(["whatsapp"]);
  expect(() => next("https://meta.example", { channels: ["sms"] })).toThrow(
    "whatsapp-cloud carries whatsapp only",
  );
});

it.each([
  "https://meta.example:99999",
  "https://meta.example:https",
  "https://[::1",
  "https://%00",
  "https://meta.example\\v1",
  "http://localhost:99999",
  "http://meta.example",
])("refuses %s, to which none can be", (address) => {
  expect(() => next(address)).toThrow("/options/address must");
});
