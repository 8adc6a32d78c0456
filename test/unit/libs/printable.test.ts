import { expect, it } from "vitest";
import { printable, printableJson, printableValue } from "#libs/printable.ts";

it.each([
  ["\u001b[2J\u001b]0;owned\u0007", "\\u001b[2J\\u001b]0;owned\\u0007"],
  ["a\r\nb\tc\0", "a\\u000d\\u000ab\\u0009c\\u0000"],
  ["\u009b31m\u0085\u007f", "\\u009b31m\\u0085\\u007f"],
  ["\u202egnp.exe\u2066x\u2069\u200f\u061c", "\\u202egnp.exe\\u2066x\\u2069\\u200f\\u061c"],
  ["a\u2028b\u2029", "a\\u2028b\\u2029"],
  ["half \ud83d", "half \\ud83d"],
])("shows what a terminal would obey by its code: %j", (text, shown) => {
  expect(printable(text)).toBe(shown);
});

it("leaves every language and emoji as they are", () => {
  const text = "Grüße, Привет, مرحبا, नमस्ते, 你好, 👩‍👩‍👧‍👦 €";
  expect(printable(text)).toBe(text);
});

it("reaches every text of a value, and the names of members", () => {
  expect(printableValue({ "\u001b": [{ a: "\u001b" }, 1, null, true] })).toEqual({
    "\\u001b": [{ a: "\\u001b" }, 1, null, true],
  });
});

it("keeps what JSON says for programs", () => {
  const value = { label: "\u001b\u009b\u202e\n\ud83d" };
  const json = printableJson(value);
  expect(json).not.toMatch(/[\p{Cc}\u202e]/u);
  expect(JSON.parse(json)).toEqual(value);
});
