// A route's `schema` is what checks a request and what its document shows: one truth. What it says of
// answers is for the document alone.
import type { FastifySchemaCompiler } from "fastify";
import { type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { Problem } from "#libs/dialects/native/problem.ts";
import { parseGiven, ShapeError } from "#libs/json/parse-given.ts";

/**
 * Checks bodies, paths and queries, with defaults filled in. A body that is not what it should be
 * is `invalid`; a path or query is `bad-request`, and its texts are read as what they should be.
 * Members of a body that are only for reading are taken off. Headers are each reader's own business.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const parse = { body: parseBody, headers: asGiven }[String(httpPart)] ?? parseText;
  return (given: unknown) => {
    try {
      return { value: parse(schema, given) };
    } catch (error) {
      if (error instanceof Error) return { error };
      throw error;
    }
  };
};

/** For a route whose handler reads its body itself: the schema only documents it. */
export const takeAsGiven: FastifySchemaCompiler<TSchema> = () => (value: unknown) => ({ value });

function parseBody(schema: TSchema, given: unknown): unknown {
  const body: unknown = parseGiven(schema, given);
  if (!Type.IsObject(schema) || typeof body !== "object" || body === null) return body;
  const isOwn = ([name]: [string, unknown]) => !isReadOnly(schema.properties[name]);
  return Object.fromEntries(Object.entries(body).filter(isOwn));
}

function isReadOnly(schema: TSchema | undefined): boolean {
  return schema !== undefined && "readOnly" in schema;
}

function asGiven(_schema: TSchema, given: unknown): unknown {
  return given;
}

function parseText(schema: TSchema, given: unknown): unknown {
  try {
    return parseGiven(schema, Value.Convert(schema, structuredClone(given)));
  } catch (error) {
    if (!(error instanceof ShapeError)) throw error;
    throw new Problem("bad-request", error.message);
  }
}
