/**
 * The value of a JSON text; undefined for what is none. A byte order mark in front, which some
 * platforms write, is left out, as RFC 8259 (section 8.1) lets a parser do.
 */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}
