// Dates of receipts: local digits without a zone, which the connection's settings name.

const PARTS = /^(\d{2}|\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?$/;

/** Whether dates can be told in it: an IANA name, or an offset such as +08:00. */
export function isTimeZone(timeZone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone }).format(0) !== "";
  } catch {
    return false;
  }
}

/**
 * Epoch ms of `YYMMDDhhmm`, with seconds or without, and with a century or without; undefined for what is no
 * date. Of an hour that a zone has twice it is one of the two.
 */
export function zonedTime(digits: string, timeZone: string): number | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = (
    PARTS.exec(digits.length % 2 === 0 ? digits : "")?.slice(1) ?? []
  ).map((part) => Number(part ?? 0));
  const isDate = month >= 1 && month <= 12 && day >= 1 && day <= 31;
  if (!isDate || hour > 23 || minute > 59 || second > 59) return undefined;
  const asUtc = Date.UTC(year < 100 ? 2_000 + year : year, month - 1, day, hour, minute, second);
  const near = asUtc - offsetMs(asUtc, timeZone);
  return asUtc - offsetMs(near, timeZone);
}

/** How far the zone's clocks are ahead of UTC at an instant. */
function offsetMs(instant: number, timeZone: string): number {
  const parts = formatOf(timeZone).formatToParts(instant);
  const part = (wanted: string) => Number(parts.find(({ type }) => type === wanted)?.value);
  const day = [part("year"), part("month") - 1, part("day")] as const;
  const shown = Date.UTC(...day, part("hour"), part("minute"), part("second"));
  return shown - Math.floor(instant / 1_000) * 1_000;
}

/** Making one takes as long as a thousand receipts; there are some 600 zones. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const found = formats.get(timeZone);
  if (found) return found;
  const two = "2-digit";
  const date = { year: "numeric", month: two, day: two } as const;
  const time = { hour: two, minute: two, second: two, hourCycle: "h23" } as const;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone,
    calendar: "gregory",
    ...date,
    ...time,
  });
  formats.set(timeZone, made);
  return made;
}
