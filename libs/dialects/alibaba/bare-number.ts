/** A number as Alibaba writes it, without its plus sign. */
export function bareNumber(number: string): string {
  return number.replace(/^\+/, "");
}
