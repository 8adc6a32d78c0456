/** `+6591234567` becomes `+65*****567`: enough to recognise a test number, not to call a person. */
export function maskNumber(number: string): string {
  if (number.length <= 6) return "*".repeat(number.length);
  return number.slice(0, 3) + "*".repeat(number.length - 6) + number.slice(-3);
}
