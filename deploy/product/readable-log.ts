import { isObject } from "#libs/json/json-object.ts";
import { printable } from "#libs/printable.ts";

/** pino's numbers for the levels that a person at a terminal wants to see. */
const LEVELS: Readonly<Record<number, string>> = { 40: "warning", 50: "error", 60: "fatal" };

/**
 * A line of a service's JSON log as a person reads it; undefined for what is below a warning. A
 * line that is no JSON, such as a stack trace, comes back as it may be printed.
 */
export function readableLogLine(line: string): string | undefined {
  const entry = parseEntry(line);
  if (entry === undefined) return printable(line);
  const level = LEVELS[Number(entry["level"])];
  if (level === undefined) return undefined;
  const reason = isObject(entry["err"]) ? `: ${String(entry["err"]["message"])}` : "";
  return printable(`${level} from ${String(entry["service"])}: ${String(entry["msg"])}${reason}`);
}

function parseEntry(line: string): Record<string, unknown> | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    return isObject(entry) ? entry : undefined;
  } catch {
    return undefined;
  }
}
