// HTTP requests as nobody should send them: a good one, changed in a member of its body, a header,
// its target, its method or a byte. They are bytes, because no client would write some of them.
import * as fc from "fast-check";
import { altered } from "#test/support/altered.ts";

export type Route = {
  /** `METHOD /path`, as a failure names it. */
  name: string;
  origin: string;
  method: string;
  /** Path and query. */
  target: string;
  headers: Readonly<Record<string, string>>;
  /** Good bodies; none where the route takes none. */
  bodies: readonly object[];
  /** The headers that prove a body, where the route reads only what is proved. */
  prove?: (body: Buffer) => Readonly<Record<string, string>>;
};

type Draft = { method: string; target: string; headers: [string, string][]; body: Buffer };

/** Requests to `route`, most of them odd in one way. */
export function oddRequests(route: Route): fc.Arbitrary<Buffer> {
  const good = draftOf(route);
  const bodies = route.bodies.filter((each) => Object.keys(each).length > 0);
  const body = bodies.length === 0 ? oddBytes : fc.oneof(altered(...bodies).map(json), oddBytes);
  return fc.oneof(
    { weight: 40, arbitrary: body.map((odd) => written(proved({ ...good, body: odd }, route))) },
    { weight: 15, arbitrary: oddTarget(good.target).map((target) => written({ ...good, target })) },
    {
      weight: 15,
      arbitrary: oddHeaders(good.headers).map((headers) => written({ ...good, headers })),
    },
    { weight: 5, arbitrary: oddMethod.map((method) => written({ ...good, method })) },
    { weight: 20, arbitrary: brokenBytes(written(good)) },
    { weight: 5, arbitrary: fc.constant(written(good)) },
  );
}

function draftOf(route: Route): Draft {
  const { method, target, headers, bodies } = route;
  const body = bodies[0] === undefined ? Buffer.alloc(0) : json(bodies[0]);
  return proved({ method, target, headers: Object.entries(headers), body }, route);
}

function proved(draft: Draft, { headers, prove }: Route): Draft {
  const proof = prove?.(draft.body) ?? {};
  return { ...draft, headers: Object.entries({ ...headers, ...proof }) };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? "");
}

/** As it goes over the wire; a length that is among the headers already stays a lie. */
function written({ method, target, headers, body }: Draft): Buffer {
  const names = headers.map(([name]) => name.toLowerCase());
  const isFramed = names.includes("content-length") || names.includes("transfer-encoding");
  const frame = isFramed || body.length === 0 ? [] : [["content-length", String(body.length)]];
  const lines = [["host", "127.0.0.1"], ["connection", "close"], ...frame, ...headers];
  const head = [`${method} ${target} HTTP/1.1`, ...lines.map((line) => line.join(": "))];
  return Buffer.concat([Buffer.from(`${head.join("\r\n")}\r\n\r\n`, "latin1"), body]);
}

const anyText = fc.string({ unit: "binary", maxLength: 80 });
const LONG = "x".repeat(6_000);

const oddBytes = fc.oneof(
  fc.uint8Array({ maxLength: 300 }).map((bytes) => Buffer.from(bytes)),
  fc.jsonValue({ maxDepth: 5 }).map(json),
  fc
    .constantFrom(
      "",
      "{",
      "[",
      "null",
      '""',
      "{}",
      "[]",
      "\ufeff{}",
      '{"__proto__":{"a":1}}',
      '{"a":1e999}',
    )
    .map((text) => Buffer.from(text)),
  fc
    .constantFrom("[".repeat(100_000), `[${"0,".repeat(100_000)}0]`, LONG)
    .map((text) => Buffer.from(text)),
);

const oddMethod = fc.constantFrom(
  ..."GET POST PUT DELETE PATCH HEAD OPTIONS TRACE CONNECT QUERY PROPFIND get X".split(" "),
);

function oddTarget(target: string): fc.Arbitrary<string> {
  const piece = fc.constantFrom(
    "//",
    "/..",
    "%",
    "%00",
    "%ff",
    "%2f",
    "?",
    "#",
    ";",
    "\\",
    "*",
    "http://x",
    LONG,
  );
  const query = fc.constantFrom(
    "limit=",
    "limit=1e9",
    "cursor=%ff",
    "a=".repeat(500),
    "a&".repeat(2_000),
    "__proto__=1",
  );
  return fc.oneof(
    fc
      .tuple(fc.nat({ max: target.length }), piece)
      .map(([at, odd]) => target.slice(0, at) + odd + target.slice(at)),
    query.map((odd) => `${target}?${odd}`),
    anyText.map((text) => `${target}/${encodeURIComponent(text.toWellFormed())}`),
    fc.constantFrom("//", "", "*", "/", "///", "http://", "/\\", "..", "/%"),
  );
}

function oddHeaders(good: [string, string][]): fc.Arbitrary<[string, string][]> {
  const name = fc.constantFrom(
    ..."content-type content-length transfer-encoding authorization host expect upgrade connection if-match idempotency-key traceparent accept content-encoding x".split(
      " ",
    ),
  );
  const value = fc.oneof(
    anyText,
    fc.constantFrom(
      "",
      "0",
      "-1",
      "5",
      "1e9",
      "chunked",
      "100-continue",
      "websocket",
      "upgrade",
      "*",
      '"1"',
    ),
    fc.constantFrom(
      "application/xml",
      "text/plain",
      "application/json;charset=utf-16",
      "gzip",
      "Bearer ",
      LONG,
    ),
  );
  const odd = fc.array(fc.tuple(name, value), { minLength: 1, maxLength: 3 });
  return odd.map((more) => [
    ...good.filter(([own]) => more.every(([other]) => other !== own)),
    ...more,
  ]);
}

/** Cut off, or with a few bytes that are others. */
function brokenBytes(bytes: Buffer): fc.Arbitrary<Buffer> {
  const place = fc.nat({ max: bytes.length - 1 });
  const changes = fc.array(fc.tuple(place, fc.nat({ max: 255 })), { minLength: 1, maxLength: 6 });
  return fc.oneof(
    place.map((at) => bytes.subarray(0, at)),
    changes.map((some) => {
      const copy = Buffer.from(bytes);
      for (const [at, byte] of some) copy[at] = byte;
      return copy;
    }),
  );
}
