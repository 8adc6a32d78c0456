// A carrier may write an id in one way in the answer and in another in the receipt: both become one.
import type { IdRule } from "./access.ts";

type Place = "response" | "receipt";

const DIGITS = /^\d{1,40}$/;
const HEX_DIGITS = /^(?:0x)?([0-9a-f]{1,40})$/i;

/** As text unless the connection says otherwise; what is not what it says stays a text too. */
export function oneId(id: string, place: Place, rule: IdRule | undefined): string {
  const trimmed = id.trim();
  if (!rule) return trimmed;
  const text = rule.ignoreDashes ? trimmed.replaceAll("-", "") : trimmed;
  const number = numberOf(text, rule[place]);
  if (number !== undefined) return number.toString();
  const cased = rule.ignoreCase ? text.toLowerCase() : text;
  return rule.ignoreZeros ? cased.replace(/^0+(?=.)/, "") : cased;
}

/**
 * As the SMSC wrote it in its answer, as far as that can be told: what a rule ignores, such as leading
 * zeros, is not known any more.
 */
export function writtenId(id: string, rule: IdRule | undefined): string {
  return rule?.response === "hex" && DIGITS.test(id) ? BigInt(id).toString(16) : id;
}

function numberOf(text: string, written: IdRule[Place]): bigint | undefined {
  if (written === "decimal" && DIGITS.test(text)) return BigInt(text);
  const digits = written === "hex" ? HEX_DIGITS.exec(text)?.[1] : undefined;
  return digits === undefined ? undefined : BigInt(`0x${digits}`);
}
