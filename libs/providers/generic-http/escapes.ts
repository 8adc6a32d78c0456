// How a value is written where it stands, so that nothing in it can become part of what is around it.

/** A part of a path or of a query. */
export function inUrl(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

/** A header has printable ASCII; all else is written as in a URL. */
export function inHeader(text: string): string {
  return text.toWellFormed().replaceAll(/[^\x20-\x7e]/gu, encodeURIComponent);
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Text or an attribute. What XML 1.0 has no way to say becomes U+FFFD. */
export function inXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replaceAll(/[&<>"']/g, (each) => ENTITIES[each] ?? each);
}
