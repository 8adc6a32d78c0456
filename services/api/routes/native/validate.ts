// A route's `schema` is what checks a request and what its document shows: one truth. What it says of
// answers is for the document alone.
import type { FastifySchemaCompiler } from "fastify";
import type { TSchema } from "typebox";
import { Value } from "typebox/value";
import { parseGiven } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { Problem } from "./problem.ts";

/**
 * Checks bodies, paths and queries, with defaults filled in. A body that is not what it should be
 * is `invalid`; a path or query is `bad-request`, and its texts are read as what they should be.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  return (given: unknown) => {
    try {
      return { value: httpPart === "body" ? parseGiven(schema, given) : parseText(schema, given) };
    } catch (error) {
      if (error instanceof Error) return { error };
      throw error;
    }
  };
};

function parseText(schema: TSchema, given: unknown): unknown {
  try {
    return parseGiven(schema, Value.Convert(schema, structuredClone(given)));
  } catch (error) {
    if (!(error instanceof SettingRefusal)) throw error;
    throw new Problem("bad-request", error.message);
  }
}
