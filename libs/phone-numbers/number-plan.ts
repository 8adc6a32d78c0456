// Where a number belongs and what kind of service it is, by the published number plans: what a message
// to it costs depends on both. Google's metadata in its `max` form knows them, the smaller forms do not.
import { knownNumber } from "./known-number.ts";

export const numberClasses = [
  "mobile",
  "fixed-line",
  "fixed-line-or-mobile",
  "premium-rate",
  "shared-cost",
  "satellite",
  "toll-free",
  "voip",
  "personal",
  "pager",
  "company",
  "voicemail",
  "unknown",
] as const;

export type NumberClass = (typeof numberClasses)[number];

/** Google's words; what it calls UAN is a company's one number for all of its places. */
const CLASSES = {
  MOBILE: "mobile",
  FIXED_LINE: "fixed-line",
  FIXED_LINE_OR_MOBILE: "fixed-line-or-mobile",
  PREMIUM_RATE: "premium-rate",
  SHARED_COST: "shared-cost",
  TOLL_FREE: "toll-free",
  VOIP: "voip",
  PERSONAL_NUMBER: "personal",
  PAGER: "pager",
  UAN: "company",
  VOICEMAIL: "voicemail",
} as const satisfies Record<string, NumberClass>;

/**
 * Codes whose every number is of one class, also one that is too short or too long: ITU-T E.164's list of
 * shared codes has Inmarsat (870, and 871 to 874 until 2008), satellite systems (881), networks of no
 * country, by satellite or on ships and planes (882, 883), shared cost (808) and premium rate (979);
 * in North America 900 is premium rate.
 */
const CLASS_OF_CODE: readonly (readonly [RegExp, NumberClass])[] = [
  [/^\+(87[0-4]|88[1-3])/, "satellite"],
  [/^\+808/, "shared-cost"],
  [/^\+(979|1900)/, "premium-rate"],
];

/** `country`: ISO 3166, as the number itself says; null where it is no country's, or none is known. */
export type NumberPlan = { country: string | null; numberClass: NumberClass };

/** Of a number in E.164. Never throws: of one that no plan has, the class is `unknown`. */
export function numberPlanOf(number: string): NumberPlan {
  const parsed = knownNumber(number);
  const type = parsed?.getType();
  const [, ofCode] = CLASS_OF_CODE.find(([code]) => code.test(number)) ?? [];
  return {
    country: parsed?.country ?? null,
    numberClass: ofCode ?? (type === undefined ? "unknown" : CLASSES[type]),
  };
}
