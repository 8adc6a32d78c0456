import { expect, it } from "vitest";
import { isBlank } from "#libs/judgement/blank-text.ts";

it.each([
  ["nothing", ""],
  ["spaces and lines", " \t\n\u00A0\u3000"],
  ["a control character", "\u0000"],
  ["a delete", "\u007F"],
  ["a joiner of no width", "\u200B\u200D"],
  ["a filler of Hangul", "\u3164"],
  ["an empty braille pattern", "\u2800"],
  ["a variation selector", "\uFE0F"],
])("%s is blank", (_, text) => {
  expect(isBlank(text)).toBe(true);
  expect(isBlank(`${text}a`)).toBe(false);
});

it.each(["👍🏽", "ﷺ", "-", "\u{E000}"])("%s is to be seen", (text) => {
  expect(isBlank(text)).toBe(false);
});
