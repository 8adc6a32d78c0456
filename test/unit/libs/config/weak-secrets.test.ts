import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { weakAgainstSearch, weakAgainstTries } from "#libs/config/weak-secrets.ts";

it.each([
  ["", /too short|ASCII/],
  ["a", /too short: 1 characters/],
  ["fifteen-letters", /too short/],
  ["a".repeat(40), /too regular/],
  ["abcabcabcabcabcabcabc", /too regular/],
  ["passwordpassword", /too regular/],
  ["0123456789abcdef", /too regular/],
  ["zyxwvutsrqponmlkjihgfedcba", /too regular/],
  ["demo-key", /whole world/],
  ["Demo-Admin-Key", /whole world/],
  ["choose-one", /whole world/],
  ["a key with blanks in it", /ASCII/],
  ["schlüssel-mit-umlaut", /ASCII/],
  ["line\nbreak-in-the-key", /ASCII/],
])("refuses %j", (secret, why) => {
  expect(weakAgainstTries(secret)).toMatch(why);
});

it("takes what a machine made, in every usual form", () => {
  for (let count = 0; count < 200; count += 1) {
    expect(weakAgainstTries(randomBytes(16).toString("hex"))).toBeUndefined();
    expect(weakAgainstTries(randomBytes(12).toString("base64"))).toBeUndefined();
    expect(weakAgainstSearch(randomBytes(16).toString("hex"))).toBeUndefined();
    expect(weakAgainstSearch(randomBytes(32).toString("base64url"))).toBeUndefined();
  }
});

it("asks for more where a secret can be tried at home", () => {
  expect(weakAgainstSearch(randomBytes(8).toString("hex"))).toMatch(/fewer than 32/);
});
