// The one reader of instants that people and programs write.

/** ISO 8601 date and time; without a zone it is UTC. 8x8's clients send up to nine decimals. */
const DATE_TIME =
  /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?(Z|[+-]\d\d(?::?\d\d)?)?$/i;
/** The widest offsets in use are -12:00 and +14:00. */
const OFFSET_MINUTES_MAX = 14 * 60;

/**
 * Epoch ms of an instant in ISO 8601; NaN for what is none, as a day that its month does not have. A
 * leap second is the one after it; 24:00 and an offset that no place has are nothing.
 */
export function parseInstant(text: string): number {
  const match = DATE_TIME.exec(text);
  if (!match) return Number.NaN;
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = match
    .slice(1, 7)
    .map((digits) => Number(digits ?? 0));
  const isTime = hour <= 23 && minute <= 59 && (second <= 59 || isLeap(minute, second));
  const offset = offsetMinutes(match[8] ?? "Z");
  if (!isTime || !isDate(year, month, day) || Math.abs(offset) > OFFSET_MINUTES_MAX) {
    return Number.NaN;
  }
  const ms = Number(`${match[7] ?? ""}000`.slice(0, 3));
  return Date.UTC(year, month - 1, day, hour, minute - offset, second, ms);
}

/** Standards insert them at the end of an hour in every zone of whole or half hours. */
function isLeap(minute: number, second: number): boolean {
  return second === 60 && (minute === 59 || minute === 29);
}

function isDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(year, month - 1, day));
  // Years below 100 are taken for those of the last century.
  return date.getUTCFullYear() === year && date.getUTCMonth() === month - 1 && day > 0;
}

/** Minutes east of Greenwich; NaN for minutes that no hour has. */
function offsetMinutes(zone: string): number {
  if (/^z$/i.test(zone)) return 0;
  const digits = zone.replaceAll(/\D/g, "");
  const minutes = Number(digits.slice(2) || 0);
  const size = minutes <= 59 ? Number(digits.slice(0, 2)) * 60 + minutes : Number.NaN;
  return zone.startsWith("-") ? -size : size;
}
