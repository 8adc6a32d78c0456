// JSON as clients get it wrong: a body of which some members are missing or something else.
import * as fc from "fast-check";

type Path = readonly string[];
const GONE = Symbol("gone");

const anyUnit = fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit));
/** What programs stumble over, and words that mean something to the api. */
const wrong = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.string({ unit: anyUnit, maxLength: 200 }),
  fc.constantFrom<unknown>("", "\0", "\ud800", "__proto__", "constructor", "x".repeat(200)),
  fc.constantFrom<unknown>(null, true, [], {}, [null], 0, -1, 0.5, 60, 2 ** 31, 2 ** 53, 1e300),
  fc.constantFrom<unknown>("0000-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2026-13-45T99:99:99Z"),
  fc.constantFrom<unknown>("WhatsApp", "SMS", "Line", "sms", "viber", "Read", "SENT", "template"),
);

/** `bodies` with up to three of their members changed, at any depth. */
export function altered(...bodies: object[]): fc.Arbitrary<unknown> {
  return fc.constantFrom(...bodies).chain((body) => {
    const edit = fc.record({
      path: fc.constantFrom(...pathsOf(body)),
      value: fc.oneof({ weight: 3, arbitrary: wrong }, fc.constant(GONE)),
    });
    return fc
      .array(edit, { maxLength: 3 })
      .map((edits) =>
        edits.reduce<unknown>((whole, { path, value }) => put(whole, path, value), body),
      );
  });
}

function pathsOf(value: unknown): Path[] {
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => [
    [name],
    ...pathsOf(member).map((path) => [name, ...path]),
  ]);
}

function put(whole: unknown, [name, ...rest]: Path, value: unknown): unknown {
  if (name === undefined) return value;
  if (typeof whole !== "object" || whole === null) return whole;
  const copy = structuredClone(whole) as Record<string, unknown>;
  if (rest.length === 0 && value === GONE) delete copy[name];
  else if (rest.length === 0 || name in copy) copy[name] = put(copy[name], rest, value);
  return copy;
}
