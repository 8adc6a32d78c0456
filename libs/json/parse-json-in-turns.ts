// A JSON text of megabytes. The engine's parser sits over a million values for half a second, in which nobody
// else is served; so a long text is read token by token here, and others have their turn between them.
import { takeTurns } from "#libs/take-turns.ts";
import { DEPTH_MAX } from "./json-shape.ts";
import { parseJsonExactly, parseReceiptJson } from "./parse-json.ts";

/** What is left to the parser itself: even of nothing but commas that is a few ms. */
const PIECE_LENGTH = 64 * 1024;
/** Between two looks at the clock. */
const TOKEN_COUNT = 1_000;

/** What `parseReceiptJson` makes of the text, without holding up others. */
export function parseReceiptJsonInTurns(text: string): Promise<unknown> {
  return parseInTurns(text, { parse: parseReceiptJson, depthMax: Number.POSITIVE_INFINITY });
}

/** What `parseJsonExactly` makes of the text, without holding up others. */
export function parseJsonExactlyInTurns(text: string): Promise<unknown> {
  return parseInTurns(text, { parse: parseJsonExactly, depthMax: DEPTH_MAX });
}

/** `parse`: of the whole where it is short, of each scalar where it is long. */
type Rule = { parse: (text: string) => unknown; depthMax: number };

async function parseInTurns(text: string, rule: Rule): Promise<unknown> {
  if (text.length <= PIECE_LENGTH) return rule.parse(text);
  const turn = takeTurns();
  const reader = jsonReader(rule);
  let tokenCount = 0;
  for (const token of tokensOf(text.startsWith("\ufeff") ? text.slice(1) : text)) {
    if (!reader.take(token)) return undefined;
    tokenCount += 1;
    if (tokenCount % TOKEN_COUNT === 0) await turn();
  }
  return reader.result();
}

/** A bracket, colon or comma; or, with its quotation marks, a string; or whatever stands between those. */
const TOKEN = /[ \t\n\r]*([{}[\],:]|"|[^ \t\n\r{}[\],:"]+)/y;

function* tokensOf(text: string): Generator<string> {
  let at = 0;
  while (true) {
    TOKEN.lastIndex = at;
    const token = TOKEN.exec(text)?.[1];
    if (token === undefined) return;
    const start = TOKEN.lastIndex - token.length;
    at = token === '"' ? endOfString(text, start) : TOKEN.lastIndex;
    yield text.slice(start, at);
  }
}

/** Behind its second quotation mark, before which there is an even number of backslashes. */
function endOfString(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashAt = at;
    while (text[slashAt - 1] === "\\") slashAt -= 1;
    if ((at - slashAt) % 2 === 0) return at + 1;
  }
  return text.length;
}

/** What a token may be: a value, a name, what closes the innermost list or object, what stands between two. */
type Expected = "value" | "first-value" | "name" | "first-name" | "colon" | "next";
type Whole = unknown[] | Record<string, unknown>;

function jsonReader({ parse, depthMax }: Rule) {
  const opened: Whole[] = [];
  let expected: Expected = "value";
  let [name, root]: [string, unknown] = ["", undefined];

  /** Whether the token may stand there. */
  function take(token: string): boolean {
    switch (expected) {
      case "first-value":
        return token === "]" ? close() : takeValue(token);
      case "value":
        return takeValue(token);
      case "first-name":
        return token === "}" ? close() : takeName(token);
      case "name":
        return takeName(token);
      case "colon":
        expected = "value";
        return token === ":";
      case "next":
        return takeNext(token);
    }
  }

  function takeValue(token: string): boolean {
    if (token === "[") return open([], "first-value");
    if (token === "{") return open({}, "first-name");
    const value = parseScalar(token);
    put(value);
    expected = "next";
    return value !== undefined;
  }

  function takeName(token: string): boolean {
    const value = parseScalar(token);
    if (typeof value !== "string" || !token.startsWith('"')) return false;
    [name, expected] = [value, "colon"];
    return true;
  }

  function takeNext(token: string): boolean {
    const whole = opened.at(-1);
    if (whole === undefined) return false;
    const [closing, other] = Array.isArray(whole)
      ? (["]", "value"] as const)
      : (["}", "name"] as const);
    if (token === closing) return close();
    expected = other;
    return token === ",";
  }

  /** A byte order mark is left out in front of the whole text alone. */
  function parseScalar(token: string): unknown {
    return token.startsWith("\ufeff") ? undefined : parse(token);
  }

  function open(whole: Whole, first: Expected): boolean {
    put(whole);
    opened.push(whole);
    expected = first;
    return opened.length <= depthMax;
  }

  function close(): boolean {
    opened.pop();
    expected = "next";
    return true;
  }

  function put(value: unknown): void {
    const whole = opened.at(-1);
    if (whole === undefined) root = value;
    else if (Array.isArray(whole)) whole.push(value);
    else define(whole, name, value);
  }

  const isWhole = () => opened.length === 0 && expected === "next";
  return { take, result: () => (isWhole() ? root : undefined) };
}

function define(members: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") members[name] = value;
  // To assign it would change what the object inherits; in JSON it is a member like any other.
  else Object.defineProperty(members, name, { value, ...LIKE_ANY_OTHER });
}

const LIKE_ANY_OTHER = { configurable: true, enumerable: true, writable: true };
