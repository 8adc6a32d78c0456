// What kind of number one is, by the numbering plans of its country (Google's libphonenumber; the whole
// of its data, because the short form of it knows no kinds).
import { type NumberType as Kind, parsePhoneNumberFromString } from "libphonenumber-js/max";
import { isE164 } from "./parse-number.ts";

export const numberTypes = [
  "mobile",
  "fixed-line",
  "toll-free",
  "premium-rate",
  "shared-cost",
  "voip",
  "personal",
  "pager",
  "universal",
  "voicemail",
] as const;
export type NumberType = (typeof numberTypes)[number];

/** Where both look alike, as in North America, a number may be either. */
const TYPES: Readonly<Record<NonNullable<Kind>, readonly NumberType[]>> = {
  MOBILE: ["mobile"],
  FIXED_LINE: ["fixed-line"],
  FIXED_LINE_OR_MOBILE: ["mobile", "fixed-line"],
  TOLL_FREE: ["toll-free"],
  PREMIUM_RATE: ["premium-rate"],
  SHARED_COST: ["shared-cost"],
  VOIP: ["voip"],
  PERSONAL_NUMBER: ["personal"],
  PAGER: ["pager"],
  UAN: ["universal"],
  VOICEMAIL: ["voicemail"],
};

/** True if the number in E.164 may be of that kind; one that its country does not know is of none. */
export function isNumberType(number: string, type: NumberType): boolean {
  const kind = isE164(number) ? parsePhoneNumberFromString(number)?.getType() : undefined;
  return kind !== undefined && TYPES[kind].includes(type);
}
