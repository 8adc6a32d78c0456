// Signatures made by Twilio's own library (twilio 6.3.1, `getExpectedTwilioSignature`).
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { twilioProof } from "#libs/providers/twilio/proof.ts";

const URL_TOLD = "https://hooks.example.com/receipts/twilio/0123";
const form = {
  MessageSid: `SM${"a".repeat(32)}`,
  MessageStatus: "delivered",
  To: "+6599990000",
  From: "+15005550006",
  ApiVersion: "2010-04-01",
  Odd: "é & =",
};
const BY_TOKEN = "PMLluv0aBPFjrHyB2dYDRUc6FW4=";
const WITH_PORT = "TEcBsA9+prquaxE/pSEy4eIXOQQ=";
const BY_SHARED_KEY = "17MCQBcKgn3v/N3hMxk3CIf/dCiY39bFx50mouuLzeQ=";
const settings = (algorithm: string) => ({
  "x-twilio-webhooks-signature-settings": `key=webhooks_sharedkey_1,algorithm=${algorithm}`,
});

function isBelieved(
  headers: Record<string, string>,
  body: object = form,
  sharedKeySecret?: string,
) {
  const secrets = { authToken: "12345", ...(sharedKeySecret && { sharedKeySecret }) };
  const proof = twilioProof(URL_TOLD, secrets);
  const bytes = Buffer.from(new URLSearchParams({ ...body }).toString());
  return proof({ headers, body: bytes, peerAddress: "" }, 0);
}

it("believes what the auth token signed, with the address's port or without", () => {
  expect(isBelieved({ "x-twilio-signature": BY_TOKEN })).toBe(true);
  expect(isBelieved({ "x-twilio-signature": WITH_PORT })).toBe(true);
});

it("believes what a SharedKey signed by SHA-256", () => {
  const signed = { "x-twilio-signature": BY_SHARED_KEY, ...settings("HMAC_SHA256") };
  expect(isBelieved(signed, form, "shared")).toBe(true);
  expect(isBelieved(signed, form)).toBe(false);
  expect(isBelieved({ ...signed, ...settings("HMAC_MD5") }, form, "shared")).toBe(false);
});

it("believes nothing else", () => {
  expect(isBelieved({})).toBe(false);
  expect(isBelieved({ "x-twilio-signature": BY_TOKEN }, { ...form, MessageStatus: "read" })).toBe(
    false,
  );
  expect(isBelieved({ "x-twilio-signature": BY_TOKEN }, { ...form, More: "1" })).toBe(false);
  expect(isBelieved({ "x-twilio-signature": BY_SHARED_KEY })).toBe(false);
  expect(() => twilioProof(URL_TOLD, { authToken: "" })).toThrow(RangeError);
});

/** Of a post with 2,000 members of that value. */
function isLongBelieved(value: string) {
  const names = Array.from({ length: 2_000 }, (_, index) => `n${index}`);
  const members = names.toSorted().map((name) => name + value);
  const told = createHmac("sha1", "12345").update(URL_TOLD + members.join(""));
  const body = Object.fromEntries(names.map((name) => [name, value]));
  return isBelieved({ "x-twilio-signature": told.digest("base64") }, body);
}

it("looks through no post of a size that no callback has", () => {
  expect(isLongBelieved("short")).toBe(true);
  expect(isLongBelieved("long".repeat(10))).toBe(false);
});
