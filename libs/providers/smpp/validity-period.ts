/** SMPP 3.4, 7.1.1.1: a time from now on has two digits for each unit; days can say 99 at most. */
const DAYS_MAX = 99;

/** `ttlSeconds` as a relative time, `YYMMDDhhmmsstnnR`; "" leaves it to the SMSC. */
export function validityPeriod(ttlSeconds: number | null): string {
  if (ttlSeconds === null) return "";
  const days = Math.min(Math.floor(ttlSeconds / 86_400), DAYS_MAX);
  const units = [days, Math.floor(ttlSeconds / 3_600) % 24, Math.floor(ttlSeconds / 60) % 60];
  const digits = [...units, ttlSeconds % 60].map((unit) => `${unit}`.padStart(2, "0"));
  return `0000${digits.join("")}000R`;
}
