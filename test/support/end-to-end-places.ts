/** Where each end-to-end worker's infrastructure is, as environment; none without `npm test`. */
export function endToEndPlaces(): Record<string, string>[] {
  return JSON.parse(process.env["END_TO_END_PLACES"] ?? "[]");
}
