// One route's schema, as the document shows it.
import type { FastifySchema } from "fastify";
import type { ProblemCode } from "#libs/dialects/native/problem.ts";
import { bodyAnswers, problemAnswers } from "./problem-answer.ts";

declare module "fastify" {
  interface FastifySchema {
    /** What the route is refused with, beside what `documentRoute` adds. */
    problems?: readonly ProblemCode[];
  }
}

/** Adds the errors of every route, and those that its path, query, headers and body can lead to. */
export function documentRoute(schema: FastifySchema = {}): FastifySchema {
  const { problems, ...rest } = schema;
  const { body, params, querystring, headers, response } = rest;
  const codes = new Set<ProblemCode>([
    "unauthorized",
    "forbidden",
    "too-many-requests",
    ...(problems ?? []),
  ]);
  if (body ?? params ?? querystring ?? headers) codes.add("bad-request");
  if (body !== undefined) codes.add("invalid");
  codes.add("internal-error");
  const errors = { ...problemAnswers(codes), ...(body !== undefined && bodyAnswers()) };
  const given = body === undefined ? {} : { body: withoutDefaulted(body) };
  return { ...rest, ...given, response: { ...Object(response), ...errors } };
}

/** Whoever asks need not say what has a default, though whoever reads can count on it. */
function withoutDefaulted(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withoutDefaulted);
  if (typeof schema !== "object" || schema === null) return schema;
  const { examples, ...rest } = Object.fromEntries(Object.entries(schema));
  const copy = Object.fromEntries(
    Object.entries(rest).map(([word, value]) => [word, withoutDefaulted(value)]),
  );
  const { required, properties } = copy;
  if (Array.isArray(required)) {
    copy["required"] = required.filter((name) => !("default" in Object(Object(properties)[name])));
  }
  return examples === undefined ? copy : { ...copy, examples };
}
