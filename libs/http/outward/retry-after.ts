/** RFC 9110, section 10.2.3: seconds, or the date of an HTTP answer. */
const SECONDS = /^\d{1,9}$/;
const HTTP_DATE = /^[A-Z][a-z]{2,8},? .{8,30} GMT$/;

/** How long an answer asks us to wait, ms; 0 where it does not, or nobody can read it. */
export function retryAfterMs(header: string | string[] | undefined, now: number): number {
  if (typeof header !== "string") return 0;
  if (SECONDS.test(header)) return Number(header) * 1_000;
  const at = HTTP_DATE.test(header) ? Date.parse(header) : Number.NaN;
  return Number.isNaN(at) ? 0 : Math.max(0, at - now);
}
