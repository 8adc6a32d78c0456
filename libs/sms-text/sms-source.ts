// What a phone can show as the sender of an SMS: 3GPP TS 23.040, 9.1.2.5, carries 11 characters of
// seven bits, or a number. Carriers take letters and digits, and a few signs between them.

const LETTERS = /^(?=.*[A-Za-z])[A-Za-z0-9](?:[A-Za-z0-9 .&_+-]{0,9}[A-Za-z0-9])?$/;
const DIGITS = /^\+?\d{1,15}$/;

/** Whether an SMS can show it as its sender. */
export function isSmsSource(text: string): boolean {
  return LETTERS.test(text) || DIGITS.test(text);
}
