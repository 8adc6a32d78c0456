import { generateKeyPairSync } from "node:crypto";
import { describe, expect, it } from "vitest";
import { publicKeyFault, readPublicKey } from "#libs/settings/public-key.ts";

const privateKeyEncoding = { type: "pkcs8", format: "pem" } as const;

function rsa(modulusLength: number, type: "spki" | "pkcs1" = "spki") {
  const publicKeyEncoding = { type, format: "pem" } as const;
  return generateKeyPairSync("rsa", { modulusLength, publicKeyEncoding, privateKeyEncoding });
}

const { publicKey, privateKey } = rsa(2_048);
const publicKeyEncoding = { type: "spki", format: "pem" } as const;
const curve = generateKeyPairSync("ec", {
  namedCurve: "P-256",
  publicKeyEncoding,
  privateKeyEncoding,
}).publicKey;

describe("a public key of an application", () => {
  it.each([
    ["as tools write it today", publicKey],
    ["in the older form", rsa(2_048, "pkcs1").publicKey],
    ["with blanks around it", `\n ${publicKey}\r\n`],
  ])("is taken %s", (_, pem) => {
    expect([publicKeyFault(pem), readPublicKey(pem)?.type]).toEqual([null, "public"]);
  });

  it.each([
    ["a private key", privateKey, "PEM"],
    ["a private key behind it", publicKey + privateKey, "PEM"],
    ["half of it", publicKey.slice(0, 200), "PEM"],
    ["no key in its frame", publicKey.replace(/MII\w+/, "AAAA"), "PEM"],
    ["a short key", rsa(1_024).publicKey, "2048 to 16384 bits"],
    ["a key of a curve", curve, "RSA"],
  ])("is not %s", (_, pem, words) => {
    expect(publicKeyFault(pem)).toContain(words);
  });
});
