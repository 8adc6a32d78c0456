import * as fc from "fast-check";
import { expect, it } from "vitest";
import { gsmFriendly, outsideGsm } from "#libs/sms-text/gsm-friendly.ts";
import { measureSms } from "#libs/sms-text/measure-sms.ts";

const gsm = fc.constantFrom("a", "Z", "é", "€", "[", "\n", " ", "'", "-", "@");
/** What stands in the way of GSM for its form alone. */
const dear = fc.constantFrom(
  "\u2019",
  "\u201c",
  "\u2013",
  "\u2026",
  "\u00a0",
  "e\u0301",
  "\u200b",
  "\t",
);
const other = fc.constantFrom("я", "你", "😀", "ç");
const textOf = (...kinds: fc.Arbitrary<string>[]) =>
  fc.array(fc.oneof(...kinds), { maxLength: 200 }).map((parts) => parts.join(""));

it("never changes a text that is GSM", () => {
  fc.assert(
    fc.property(textOf(gsm), (text) => {
      expect(gsmFriendly(text)).toBe(text);
    }),
  );
});

it("makes a text GSM wherever only such characters stood in the way", () => {
  fc.assert(
    fc.property(textOf(gsm, dear), (text) => {
      expect(measureSms(gsmFriendly(text), "GSM")).not.toHaveProperty("unencodable");
    }),
  );
});

it("leaves a text as it is that stays Unicode, and changes nothing twice", () => {
  fc.assert(
    fc.property(textOf(gsm, dear, other), (text) => {
      const friendly = gsmFriendly(text);
      expect(gsmFriendly(friendly)).toBe(friendly);
      expect(outsideGsm(friendly).length === 0 || friendly === text).toBe(true);
    }),
  );
});
