import { expect, it } from "vitest";
import { parseStep, toSendBody } from "#deploy/terminal/send-body.ts";

it.each([
  ["sms", { channel: "sms" }],
  ["whatsapp:60:read", { channel: "whatsapp", waitSeconds: 60, wanted: "READ" }],
  ["Viber::delivered", { channel: "viber", wanted: "DELIVERED" }],
  ["viber:none", { channel: "viber", waitSeconds: null }],
])("reads the step %s", (text, step) => {
  expect(parseStep(text)).toEqual(step);
});

it.each([
  ["telegram", /one of whatsapp, viber, rcs, sms/],
  ["sms:60:read:more", /one of/],
  ["sms:soon", /whole seconds, or `none`/],
  ["sms:0", /whole seconds/],
  ["sms:60:seen", /one of accepted, sent, delivered, read/],
])("says what is wrong with the step %s", (text, expected) => {
  expect(() => parseStep(text)).toThrow(expected);
});

it("puts the options over what the file says", () => {
  const file = { recipient: { msisdn: "+1" }, content: { text: "old" }, purpose: "OTP" };
  expect(toSendBody({ text: "new", flow: "otp" }, file)).toEqual({
    recipient: { msisdn: "+1" },
    content: { text: "new" },
    purpose: "OTP",
    flowId: "otp",
  });
});

it("asks for a recipient and a content", () => {
  expect(() => toSendBody({ text: "hello" })).toThrow("--to or --file");
  expect(() => toSendBody({ to: "+1" })).toThrow("--text or --file");
});
