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
    const [name = "", ...value] = pair.split("=");
    return [decode(name), decode(value.join("="))] as const;
  });
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    throw new HttpRefusal({ status: 400, advice: "a parameter is not percent-encoded UTF-8." });
  }
}
