// Parameters of a query or of a form, as they were meant.
import { HttpRefusal } from "#libs/http/http-fault.ts";

export type Parameter = readonly [name: string, value: string];

/** Far above what any operation has; a body of `&` alone would be a hundred thousand. */
const COUNT_MAX = 500;

/**
 * The parameters in their order; none of an empty text. Throws HttpRefusal for what is not UTF-8: to
 * read it as something else would change what was said.
 */
export function readParameters(text: string): Parameter[] {
  const pairs = text.split("&", COUNT_MAX + 1).filter((pair) => pair !== "");
  if (pairs.length > COUNT_MAX) {
    throw new HttpRefusal({ status: 400, advice: `there are over ${COUNT_MAX} parameters.` });
  }
  return pairs.map((pair) => {
    const at = pair.indexOf("=");
    if (at === -1) return [decode(pair), ""] as const;
    return [decode(pair.slice(0, at)), decode(pair.slice(at + 1))] as const;
  });
}

/** Those of a form, which may be two megabytes of plus signs: as bytes they are blanks in no time. */
export function readFormParameters(form: Buffer): Parameter[] {
  const bytes = Buffer.from(form);
  for (let at = 0; at < bytes.length; at += 1) {
    if (bytes[at] === PLUS) bytes[at] = BLANK;
  }
  return readParameters(bytes.toString("latin1"));
}

const [PLUS, BLANK] = [0x2b, 0x20];

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new HttpRefusal({ status: 400, advice: "a parameter is not percent-encoded UTF-8." });
  }
}
