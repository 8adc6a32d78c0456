import { knownNumber } from "./known-number.ts";

/**
 * Whether a number in E.164 has as many digits as some number of the country, or network, that its first ones name. The
 * published plans age: what they do not have is worth a word, and no refusal.
 */
export function isPossibleNumber(number: string): boolean {
  return knownNumber(number)?.isPossible() ?? false;
}
