import { expect, it } from "vitest";
import { addressFaults, refuseOversize } from "#libs/connections/check-options.ts";

function nested(levelCount: number): Record<string, unknown> {
  return levelCount === 1 ? {} : { in: nested(levelCount - 1) };
}

it("takes any JSON that is neither large nor deep", () => {
  const all = { rules: [{ when: { status: 200 }, isLast: true, code: null }], text: "a" };
  expect(() => refuseOversize(all)).not.toThrow();
  expect(() => refuseOversize(nested(12))).not.toThrow();
});

it("refuses options that are too deep or too long", () => {
  expect(() => refuseOversize(nested(13))).toThrow("/options must not be nested deeper than 12");
  expect(() => refuseOversize({ list: [nested(12)] })).toThrow("deeper");
  // Two bytes each.
  const text = "ä".repeat(32 * 1024);
  expect(() => refuseOversize({ text })).toThrow("/options must not be longer than 65536 bytes");
});

it("judges URLs at every depth, and tells all that are odd at once", () => {
  const odd = {
    receipts: { answers: ["https://carrier.example:99999"] },
    "request/sms": { url: "http://carrier.example/send" },
    token: { url: "https://\\carrier.example" },
    fine: ["https://carrier.example/sms?to={to}", "http://carrier.example/told", "no URL: http:"],
  };
  const told = [
    "/options/receipts/answers/0 must be a URL: there is no such host or port.",
    "/options/request~1sms/url must begin with https://.",
    "/options/token/url must be a URL: there is no such host or port.",
  ];
  expect(addressFaults(odd)).toEqual(told);
  expect(addressFaults({ url: "http://[::1]:8080/send" })).toEqual([]);
});
