/**
 * The value of a JSON text, of which numbers that a double cannot hold are texts, digit by digit: ids of
 * carriers may have nineteen. Undefined for what is no JSON.
 */
export function parseJsonExactly(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text, keepDigits);
  } catch {
    return undefined;
  }
}

function keepDigits(_name: string, value: unknown, { source }: { source?: string } = {}): unknown {
  const isInexact = typeof value === "number" && !Number.isSafeInteger(value);
  return isInexact && source !== undefined && /^-?\d+$/.test(source) ? source : value;
}
