/** What RFC 3339 can say: years of four digits. */
const EARLIEST = Date.parse("0000-01-01T00:00:00.000Z");
const LATEST = Date.parse("9999-12-31T23:59:59.999Z");

/**
 * An instant in epoch ms as RFC 3339, in UTC. Never throws: what was stored before its kind was refused
 * is shown as the nearest instant that can be said, so that one odd message hides no other.
 */
export function showInstant(at: number): string {
  const near = Math.min(Math.max(at, EARLIEST), LATEST);
  return new Date(Number.isNaN(near) ? 0 : near).toISOString();
}
