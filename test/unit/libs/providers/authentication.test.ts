import { describe, expect, it } from "vitest";
import { addressListProof } from "#libs/providers/authentication/address-list.ts";
import { hmacProof, signBody, signTimed } from "#libs/providers/authentication/hmac.ts";
import type { RawPost } from "#libs/providers/authentication/proof.ts";
import { basicProof, bearerProof, headerTokenProof } from "#libs/providers/authentication/token.ts";

const NOW = Date.UTC(2026, 10, 28);
const secret = Buffer.from("a secret of the carrier's");
const text = '{"status":"delivered"}';
const body = Buffer.from(text);

function post(headers: RawPost["headers"], more: Partial<RawPost> = {}): RawPost {
  return { headers, body, peerAddress: "192.0.2.1", ...more };
}

describe("a signature over time and body", () => {
  const proof = hmacProof({ secret, signatureHeader: "x-signature", timestampHeader: "x-time" });
  const signed = (at: number, of = body, by = secret) => {
    const timestamp = String(at / 1000);
    return { "x-time": timestamp, "x-signature": signTimed(by, timestamp, of) };
  };

  it("proves the very bytes that were signed", () => {
    expect(proof(post(signed(NOW)), NOW)).toBe(true);
    expect(proof(post(signed(NOW), { body: Buffer.from(`${text} `) }), NOW)).toBe(false);
    expect(proof(post(signed(NOW, Buffer.alloc(0))), NOW)).toBe(false);
  });

  it("proves nothing with another secret", () => {
    expect(proof(post(signed(NOW, body, Buffer.from("another"))), NOW)).toBe(false);
  });

  it("is good for five minutes by either clock, and no longer", () => {
    for (const at of [NOW - 300_000, NOW + 300_000]) {
      expect(proof(post(signed(at)), NOW)).toBe(true);
    }
    for (const at of [NOW - 301_000, NOW + 301_000]) {
      expect(proof(post(signed(at)), NOW)).toBe(false);
    }
  });

  it("cannot be moved to another time", () => {
    const later = { ...signed(NOW), "x-time": String(NOW / 1000 + 1) };
    expect(proof(post(later), NOW)).toBe(false);
  });

  it.each([
    {},
    { "x-time": String(NOW / 1000) },
    { "x-signature": signed(NOW)["x-signature"] },
    { ...signed(NOW), "x-time": "" },
    { ...signed(NOW), "x-time": "NaN" },
    { ...signed(NOW), "x-time": "-1" },
    { ...signed(NOW), "x-signature": "" },
    { ...signed(NOW), "x-signature": "sha256=" },
    { ...signed(NOW), "x-signature": [signed(NOW)["x-signature"], "x"] },
  ])("is not proved by %j", (headers) => {
    expect(proof(post(headers), NOW)).toBe(false);
  });
});

describe("a signature over the body alone", () => {
  const proof = hmacProof({
    secret,
    signatureHeader: "x-hub-signature-256",
    timestampHeader: null,
  });

  it("proves the very bytes that were signed", () => {
    const headers = { "x-hub-signature-256": signBody(secret, body) };
    expect(proof(post(headers), NOW)).toBe(true);
    expect(proof(post(headers, { body: Buffer.from("else") }), NOW)).toBe(false);
    expect(proof(post({}), NOW)).toBe(false);
  });
});

describe("a token", () => {
  it("is proved by the bearer of it", () => {
    const proof = bearerProof("t0ken");
    expect(proof(post({ authorization: "Bearer t0ken" }), NOW)).toBe(true);
    expect(proof(post({ authorization: "bearer t0ken" }), NOW)).toBe(true);
    for (const authorization of ["Bearer t0ke", "Bearer", "Bearer  ", "t0ken", "Basic t0ken", ""]) {
      expect(proof(post({ authorization }), NOW)).toBe(false);
    }
    expect(proof(post({}), NOW)).toBe(false);
  });

  it("may stand in a header of the carrier's own", () => {
    const proof = headerTokenProof("x-api-key", "t0ken");
    expect(proof(post({ "x-api-key": "t0ken" }), NOW)).toBe(true);
    expect(proof(post({ "x-api-key": "" }), NOW)).toBe(false);
    expect(proof(post({ authorization: "Bearer t0ken" }), NOW)).toBe(false);
  });
});

function basic(credentials: string) {
  return { authorization: `Basic ${Buffer.from(credentials).toString("base64")}` };
}

describe("a name and a password", () => {
  const proof = basicProof({ user: "carrier", password: "pass:word" });
  it("prove it together", () => {
    expect(proof(post(basic("carrier:pass:word")), NOW)).toBe(true);
    for (const wrong of ["carrier:", "carrier:pass", "other:pass:word", ":", "", "carrier"]) {
      expect(proof(post(basic(wrong)), NOW)).toBe(false);
    }
    expect(proof(post({ authorization: "Basic" }), NOW)).toBe(false);
  });
});

describe("an address list", () => {
  const proof = addressListProof(["203.0.113.0/24", "198.51.100.7", "2001:db8::/32"]);
  const from = (peerAddress: string, headers = {}) => proof(post(headers, { peerAddress }), NOW);

  it("takes what comes from its ranges, IPv4 in IPv6's notation too", () => {
    for (const address of ["203.0.113.9", "198.51.100.7", "2001:db8::1", "::ffff:203.0.113.9"]) {
      expect(from(address)).toBe(true);
    }
    for (const address of ["203.0.114.9", "198.51.100.8", "2001:db9::1", "::ffff:8.8.8.8", ""]) {
      expect(from(address)).toBe(false);
    }
  });

  it("believes no header that names another address", () => {
    expect(
      from("8.8.8.8", { "x-forwarded-for": "203.0.113.9", forwarded: "for=203.0.113.9" }),
    ).toBe(false);
  });

  it.each([
    [[]],
    [[""]],
    [["0.0.0.0/0"]],
    [["::/0"]],
    [["203.0.113.0/33"]],
    [["carrier.example"]],
    [["203.0.113.0/24", "203.0.113"]],
    [["fe80::1%eth0"]],
  ])("that proves nothing is refused: %j", (ranges) => {
    expect(() => addressListProof(ranges)).toThrow(RangeError);
  });
});

it("no scheme takes an empty secret", () => {
  const hmac = { signatureHeader: "x-signature", timestampHeader: null };
  expect(() => hmacProof({ ...hmac, secret: Buffer.alloc(0) })).toThrow(RangeError);
  expect(() => bearerProof("")).toThrow(RangeError);
  expect(() => headerTokenProof("x-api-key", "")).toThrow(RangeError);
  expect(() => basicProof({ user: "carrier", password: "" })).toThrow(RangeError);
});
