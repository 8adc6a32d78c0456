// The text of a receipt: SMPP 3.4, appendix B, of which every carrier makes its own. Members may come
// in any order and case, and any of them may be missing; `text` is last and holds what it will.

/** All as they came; "" where one is missing. */
export type ReceiptText = { id: string; stat: string; err: string; doneDate: string };

const MEMBER = /\b(id|sub|dlvrd|submit[ _]?date|done[ _]?date|stat|err|text)\s{0,3}:/gi;
/** Longer than any receipt: what follows is a person's text. */
const READ_LENGTH_MAX = 1_000;

/**
 * The members of a receipt's text, each "" where it is missing. What people wrote behind `text:` is no
 * member.
 */
export function readReceiptText(whole: string): ReceiptText {
  const members = new Map<string, string>();
  const text = whole.slice(0, READ_LENGTH_MAX);
  const found = [...text.matchAll(MEMBER)];
  for (const [index, match] of found.entries()) {
    const name = nameOf(match);
    if (name === "text") break;
    const value = text.slice(match.index + match[0].length, found[index + 1]?.index);
    // What stands behind a blank is a member that nobody knows.
    const [word = ""] = value.trim().split(/\s/, 1);
    if (!members.has(name)) members.set(name, word);
  }
  const member = (name: string) => members.get(name) ?? "";
  return {
    id: member("id"),
    stat: member("stat"),
    err: member("err"),
    doneDate: member("donedate"),
  };
}

function nameOf([, name = ""]: RegExpExecArray): string {
  return name.toLowerCase().replace(/[ _]/, "");
}
