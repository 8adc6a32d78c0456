// What others have written, as a terminal may be given it. A control character in a carrier's error or
// in a key's label could move the cursor, rewrite what stands there, or forge a line; one that turns
// the direction of writing makes a text look like another. All of them are shown by their code.

/** Controls (C0, DEL, C1), ends of lines and paragraphs, marks of direction, halves of characters. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/gu;

/** One line of text. */
export function printable(text: string): string {
  return text.replace(UNPRINTABLE, escaped);
}

/** Text of ours whose line ends are meant, with texts of others in it. */
export function printableLines(text: string): string {
  return text.split("\n").map(printable).join("\n");
}

/** A JSON value in which every text is printable, also the names of members. */
export function printableValue(value: unknown): unknown {
  if (typeof value === "string") return printable(value);
  if (Array.isArray(value)) return value.map(printableValue);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value);
  return Object.fromEntries(members.map(([name, each]) => [printable(name), printableValue(each)]));
}

/** JSON in one line, for programs: it says what it says, and is printable too. */
export function printableJson(value: unknown): string {
  // Outside of its texts JSON has no such character, and within them an escape is the same.
  return printable(JSON.stringify(value));
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`;
}
