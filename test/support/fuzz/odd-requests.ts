// HTTP requests as nobody should send them: a good one, changed in its method, path, query, headers,
// body, a field of that, how its length is told, how fast it comes, or in any byte. They are bytes,
// because no client would write some of them.
import * as fc from "fast-check";
import { altered } from "#test/support/altered.ts";
import { oddBytes } from "./odd-bytes.ts";
import { type Draft, type Framed, framings, written } from "./odd-framing.ts";
import { oddBodies, oddHeaders, oddMethods, oddPaths, oddQueries } from "./odd-parts.ts";

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
  /** How a body is written; as JSON where nothing else is said. */
  encode?: (body: unknown) => Buffer;
  /** The headers that prove a body, where the route reads only what is proved. */
  prove?: (body: Buffer) => Readonly<Record<string, string>>;
};

export type OddRequest = {
  labels: readonly string[];
  /** They are written one after the other, with `pauseMs` between them. */
  pieces: readonly Buffer[];
  pauseMs: number;
  /** The server has all that it needs for an answer; who sends less may get none for long. */
  isWhole: boolean;
};

type Options = Partial<Omit<OddRequest, "labels">>;

/** Requests to `route`, most of them odd in one way. */
export function oddRequests(route: Route): fc.Arbitrary<OddRequest> {
  const good = draftOf(route);
  const whole = written(good);
  const from = (label: string, changes: fc.Arbitrary<Partial<Draft>>, options: Options = {}) =>
    changes.map((change) => request(label, [written({ ...good, ...change })], options));
  const bodies = route.bodies.filter((each) => Object.keys(each).length > 0);
  const hasBody = bodies.length > 0;
  const encode = route.encode ?? json;
  const field = hasBody ? altered(...bodies).map(encode) : oddBodies;
  const proved = (bytes: Buffer) => withBody(route, bytes);
  return fc.oneof(
    { weight: hasBody ? 30 : 0, arbitrary: from("field", field.map(proved)) },
    { weight: 10, arbitrary: from("body", oddBodies.map(proved)) },
    { weight: 8, arbitrary: from("path", oddPaths(good.target).map(toTarget)) },
    { weight: 8, arbitrary: from("query", oddQueries(good.target).map(toTarget)) },
    { weight: 15, arbitrary: from("header", oddHeaders(good.headers), CUT) },
    { weight: 5, arbitrary: from("method", oddMethods.map(toMethod)) },
    { weight: 8, arbitrary: fc.constantFrom(...framings(good)).map(framed) },
    { weight: 3, arbitrary: slow(whole) },
    { weight: 15, arbitrary: oddBytes(whole).map((bytes) => request("byte", [bytes], CUT)) },
    { weight: 5, arbitrary: fc.constant(request("sound", [whole])) },
  );
}

const toTarget = (target: string) => ({ target });
const toMethod = (method: string) => ({ method });
const CUT = { isWhole: false };

function request(label: string, pieces: readonly Buffer[], options: Options = {}): OddRequest {
  return { labels: [label], pieces, pauseMs: 0, isWhole: true, ...options };
}

function framed({ name, bytes, isWhole }: Framed): OddRequest {
  return request(`framing/${name}`, [bytes], { isWhole });
}

/** In pieces; one in three never ends. */
function slow(bytes: Buffer): fc.Arbitrary<OddRequest> {
  const cuts = fc.array(fc.nat({ max: bytes.length }), { minLength: 1, maxLength: 4 });
  const options = fc.record({ pauseMs: fc.integer({ min: 1, max: 60 }), isWhole: isWholeMostly });
  return fc.tuple(cuts, options).map(([places, given]) => {
    const ends = [...places.toSorted((a, b) => a - b), bytes.length];
    const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
    const sent = given.isWhole ? pieces : pieces.slice(0, -1);
    return request(`slow/${given.isWhole ? "whole" : "endless"}`, sent, given);
  });
}

const isWholeMostly = fc.constantFrom(true, true, false);

function draftOf(route: Route): Draft {
  const { method, target, bodies, encode = json } = route;
  const body = bodies[0] === undefined ? Buffer.alloc(0) : encode(bodies[0]);
  return { method, target, ...withBody(route, body) };
}

function withBody({ headers, prove }: Route, body: Buffer): Pick<Draft, "headers" | "body"> {
  return { headers: Object.entries({ ...headers, ...prove?.(body) }), body };
}

function json(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value) ?? "");
}
