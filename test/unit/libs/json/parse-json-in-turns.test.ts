import * as fc from "fast-check";
import { expect, it } from "vitest";
import { parseJsonExactly, parseReceiptJson } from "#libs/json/parse-json.ts";
import {
  parseJsonExactlyInTurns,
  parseReceiptJsonInTurns,
} from "#libs/json/parse-json-in-turns.ts";
import { growthOf, LINEAR_GROWTH_MAX } from "#test/support/growth.ts";

/** What is longer than this is read in turns. */
const BLANKS = " ".repeat(64 * 1024);
const nested = (depth: number) => `${"[".repeat(depth)}${"]".repeat(depth)}`;
const readers = [
  [parseReceiptJson, parseReceiptJsonInTurns],
  [parseJsonExactly, parseJsonExactlyInTurns],
] as const;

it.each([
  `{"a":[1,-2.5e3,true,false,null,"\\"\\\\",""],"b":{"c":{}},"d":[[],[{}]]}`,
  `{"a":1,"b":2,"a":{"c":3}}`,
  `{"__proto__":1,"b":{"__proto__":{"c":1}}}`,
  `{"10":1,"b":2,"1":3}`,
  `\ufeff[1]`,
  `"\u2028 \u007f \\ud83d"`,
  `12345678901234567890`,
  `[12345678901234567890,-12345678901234567890,1234567890123456.5,"12345678901234567890"]`,
  `null`,
  nested(64),
])("reads what the parser would: %s", async (text) => {
  for (const [parse, parseInTurns] of readers) {
    const value = await parseInTurns(text + BLANKS);
    expect(value).toEqual(parse(text));
    expect(JSON.stringify(value)).toBe(JSON.stringify(parse(text)));
  }
});

it.each([
  ``,
  `[1,]`,
  `[,1]`,
  `[1 2]`,
  `[1}`,
  `{"a":1]`,
  `{"a"}`,
  `{"a":}`,
  `{"a":1,}`,
  `{"a" 1}`,
  `{1:2}`,
  `{12345678901234567890:2}`,
  `{"a"::1}`,
  `[1`,
  `["a`,
  `["a\\"]`,
  `[1]]`,
  `[1] 2`,
  `[01]`,
  `[\ufeff1]`,
  `\ufeff\ufeff1`,
  `["\u0001"]`,
  `[\u00a01]`,
  `[undefined]`,
])("takes for no JSON what the parser does not: %j", async (text) => {
  for (const [parse, parseInTurns] of readers) {
    expect([parse(text), await parseInTurns(text + BLANKS)]).toEqual([undefined, undefined]);
  }
});

it("is as deep as whoever reads it can bear", async () => {
  expect(await parseJsonExactlyInTurns(nested(65) + BLANKS)).toBeUndefined();
  expect(await parseReceiptJsonInTurns(nested(100_000))).toHaveLength(1);
});

it("reads every JSON as the parser would, whole or with a character too much or too few", async () => {
  const text = fc.json({ noUnicodeString: false });
  const damaged = fc
    .tuple(text, fc.nat(), fc.constantFrom("", ",", '"', "]", "{", "\\", " ", "1", "-", ":"))
    .map(([json, at, piece]) => {
      const index = at % (json.length + 1);
      return json.slice(0, index) + piece + json.slice(piece === "" ? index + 1 : index);
    });
  await fc.assert(
    fc.asyncProperty(fc.oneof(text, damaged), async (json) => {
      expect(await parseReceiptJsonInTurns(json + BLANKS)).toEqual(parseReceiptJson(json));
    }),
    { numRuns: 200 },
  );
});

it.each([
  ["values", "0,"],
  ["lists", "[],"],
  ["quotation marks", `"\\"",`],
  ["backslashes", `"\\\\",`],
])("takes time that grows as the text does: %s", async (_, piece) => {
  const run = (count: number) => parseReceiptJsonInTurns(`[${piece.repeat(count)}0]`);
  expect(await growthOf(run, 40_000)).toBeLessThan(LINEAR_GROWTH_MAX);
});

it("lets others have their turn", async () => {
  const reading = parseJsonExactlyInTurns(`[${"{},".repeat(500_000)}0]`);
  let [turnCount, isRead] = [0, false];
  void reading.then(() => (isRead = true));
  while (!isRead) {
    turnCount += 1;
    await new Promise(setImmediate);
  }
  expect(await reading).toHaveLength(500_001);
  expect(turnCount).toBeGreaterThan(3);
});
