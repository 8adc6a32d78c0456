// Times as gateways write them.
import type { TimeOptions } from "./receipt-options.ts";

/** Each letter is a digit of it; `yy` alone is of this century. */
const FIELDS = {
  year: /y+/,
  month: /M+/,
  day: /d+/,
  hour: /H+/,
  minute: /m+/,
  second: /s+/,
} as const;
type Field = keyof typeof FIELDS;
const WHOLE: Readonly<Record<Field, string>> = {
  year: "",
  month: "",
  day: "",
  hour: "00",
  minute: "00",
  second: "00",
};
const ZONE = /(Z|[+-]\d\d:?\d\d)$/;

/** Epoch ms; undefined for what is no such time. */
export function readInstant(
  text: string | undefined,
  options: TimeOptions | undefined,
): number | undefined {
  if (text === undefined || options === undefined) return undefined;
  const instant = parse(text.trim(), options);
  return Number.isFinite(instant) ? instant : undefined;
}

function parse(text: string, { format, utcOffset }: TimeOptions): number {
  switch (format) {
    case "epochSeconds":
      return /^\d{1,12}(\.\d{1,9})?$/.test(text) ? Math.floor(Number(text) * 1_000) : Number.NaN;
    case "epochMs":
      return /^\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
    case "iso8601":
      return Date.parse(ZONE.test(text) ? text : `${text}${utcOffset}`);
    default:
      return Date.parse(`${inIso(text, format)}${utcOffset}`);
  }
}

/** Each field stands where its letters do. */
function inIso(text: string, format: string): string {
  const field = (name: Field) => {
    const found = FIELDS[name].exec(format);
    return found ? text.slice(found.index, found.index + found[0].length) : WHOLE[name];
  };
  const year = field("year");
  const date = [year.length === 2 ? `20${year}` : year, field("month"), field("day")].join("-");
  return `${date}T${[field("hour"), field("minute"), field("second")].join(":")}`;
}
