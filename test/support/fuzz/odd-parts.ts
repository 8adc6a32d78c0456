// Parts of HTTP requests that programs stumble over.
import * as fc from "fast-check";

const anyText = fc.string({ unit: "binary", maxLength: 80 });
/** A header or a path of it is let in; three of them are not. */
const LONG = "x".repeat(6_000);

const BODIES = ["", "{", "[", "null", '""', "{}", "[]", "\ufeff{}", '{"__proto__":{"a":1}}'];
const MORE_BODIES = ['{"a":1e999}', "[".repeat(100_000), `[${"0,".repeat(100_000)}0]`, LONG];

export const oddBodies = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.jsonValue({ maxDepth: 5 }).map((value) => Buffer.from(JSON.stringify(value))),
  fc.constantFrom(...BODIES, ...MORE_BODIES).map((text) => Buffer.from(text)),
);

const METHODS = "GET POST PUT DELETE PATCH HEAD OPTIONS TRACE CONNECT QUERY PROPFIND get X";
export const oddMethods = fc.constantFrom(...METHODS.split(" "));

const PIECES = ["//", "/..", "%", "%00", "%ff", "%2f", "?", "#", ";", "\\", "*", "http://x", LONG];
const PATHS = ["//", "", "*", "/", "///", "http://", "/\\", "..", "/%"];

export function oddPaths(target: string): fc.Arbitrary<string> {
  const place = fc.nat({ max: target.length });
  return fc.oneof(
    fc.tuple(place, fc.constantFrom(...PIECES)).map(([at, piece]) => {
      return target.slice(0, at) + piece + target.slice(at);
    }),
    anyText.map((text) => `${target}/${encodeURIComponent(text.toWellFormed())}`),
    fc.constantFrom(...PATHS),
  );
}

const NAMES = "limit cursor accountId status from to channel recipient x __proto__ constructor";
const VALUES = [
  "",
  "0",
  "-1",
  "1e9",
  "%ff",
  "%00",
  "NaN",
  "true",
  "[]",
  "9999-12-31",
  "demo",
  LONG,
];

export function oddQueries(target: string): fc.Arbitrary<string> {
  const name = fc.constantFrom(...NAMES.split(" "), "a[b]", "a.b");
  const value = fc.oneof(
    fc.constantFrom(...VALUES),
    anyText.map((text) => encodeURIComponent(text.toWellFormed())),
  );
  const pair = fc.tuple(name, value).map((both) => both.join("="));
  const query = fc.oneof(
    { weight: 9, arbitrary: fc.array(pair, { minLength: 1, maxLength: 4 }) },
    fc.constantFrom(["a&".repeat(2_000)], ["a=".repeat(500)], ["&&&==="]),
  );
  const sign = target.includes("?") ? "&" : "?";
  return query.map((pairs) => target + sign + pairs.join("&"));
}

const HEADERS =
  "content-type authorization host expect upgrade connection if-match if-none-match idempotency-key traceparent accept accept-encoding content-encoding te cookie range x-forwarded-for x";
const WORDS =
  "0 -1 5 1e9 chunked 100-continue websocket upgrade close keep-alive * gzip identity br";
const MORE_WORDS = [
  "",
  '"1"',
  'W/"1"',
  "application/xml",
  "text/plain",
  "Bearer ",
  "Basic Og==",
  LONG,
];

/** Some headers are others, there twice, or new. */
export function oddHeaders(good: readonly [string, string][]) {
  const value = fc.oneof(anyText, fc.constantFrom(...WORDS.split(" "), ...MORE_WORDS));
  const line = fc.tuple(fc.constantFrom(...HEADERS.split(" ")), value);
  const lines = fc.array(line, { minLength: 1, maxLength: 3 });
  return fc.tuple(lines, fc.boolean()).map(([more, isInstead]) => {
    const isKept = ([own]: [string, string]) => !isInstead || !more.some(([name]) => name === own);
    return { headers: [...good.filter(isKept), ...more] };
  });
}
