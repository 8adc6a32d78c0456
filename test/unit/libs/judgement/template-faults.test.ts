// The native API and Kafka's way in are told these as they are; 8x8's dialect in 3041 and its like.
import { describe, expect, it } from "vitest";
import { templateFaults } from "#libs/judgement/template-faults.ts";

const told = (more: object) =>
  templateFaults({ name: "otp", language: "en", ...more }, "").map(
    ({ code, path }) => `${code} ${path}`,
  );
const bodyOf = (...parameters: unknown[]) => ({ type: "body", parameters });
const carouselOf = (...cards: unknown[]) => ({ type: "carousel", cards });

describe.each(["", "two\nlines", "a\tb", "a     b"])(
  "a text that WhatsApp refuses, %j,",
  (text) => {
    const body = bodyOf({ type: "text", text });

    it("is refused in a component", () => {
      const path = "/components/0/parameters/0/text";
      expect(told({ components: [body] })).toEqual([`bad-template-parameter ${path}`]);
    });

    it("is refused on a card of a carousel", () => {
      const path = "/components/0/cards/0/components/0/parameters/0/text";
      const components = [carouselOf({ components: [body] })];
      expect(told({ components })).toEqual([`bad-template-parameter ${path}`]);
    });
  },
);

it.each<[string, object, string]>([
  [
    "a parameter that is a bare text",
    { components: [bodyOf("x")] },
    "bad-template-parameter /components/0/parameters/0",
  ],
  [
    "eleven cards",
    { components: [carouselOf(...Array.from({ length: 11 }, () => ({})))] },
    "bad-rich-content /components/0/cards",
  ],
  ["a name that none can have", { name: "Order Update" }, "bad-rich-content /name"],
  ["a language that is none", { language: "English" }, "bad-rich-content /language"],
])("refuses %s", (_, more, fault) => {
  expect(told(more)).toEqual([fault]);
});

it("takes a name that begins with an underscore, and cards with good texts", () => {
  const card = { components: [bodyOf({ type: "text", text: "one line" })] };
  expect(told({ name: "_otp", components: [carouselOf(card)] })).toEqual([]);
});
