// An OpenAPI document as a client finds it: its operations, and what their examples ask for.
import { Type } from "typebox";
import { Value } from "typebox/value";

const Content = Type.Record(
  Type.String(),
  Type.Object({
    schema: Type.Object({}),
    example: Type.Optional(Type.Unknown()),
    examples: Type.Optional(Type.Record(Type.String(), Type.Object({ value: Type.Unknown() }))),
  }),
);
const Operation = Type.Object({
  operationId: Type.String({ minLength: 1 }),
  summary: Type.String({ minLength: 1 }),
  tags: Type.Array(Type.String(), { minItems: 1, maxItems: 1 }),
  security: Type.Optional(Type.Array(Type.Record(Type.String(), Type.Array(Type.String())))),
  parameters: Type.Optional(
    Type.Array(
      Type.Object({
        in: Type.Enum(["path", "query", "header"]),
        name: Type.String(),
        required: Type.Optional(Type.Boolean()),
        schema: Type.Object({}),
        example: Type.Optional(Type.Union([Type.String(), Type.Number(), Type.Boolean()])),
      }),
    ),
  ),
  requestBody: Type.Optional(Type.Object({ required: Type.Boolean(), content: Content })),
  responses: Type.Record(
    Type.String({ pattern: "^\\d{3}$" }),
    Type.Object({ description: Type.String({ minLength: 1 }), content: Type.Optional(Content) }),
  ),
});

const Document = Type.Object({
  paths: Type.Record(
    Type.String({ pattern: "^/.*[^/]$" }),
    Type.Record(Type.String({ pattern: "^(get|put|post|delete|patch)$" }), Type.Object({})),
  ),
  openapi: Type.String({ pattern: "^3\\.1\\.\\d$" }),
  info: Type.Object({ title: Type.String(), version: Type.String() }),
  tags: Type.Array(Type.Object({ name: Type.String(), description: Type.String() })),
  servers: Type.Array(Type.Object({ url: Type.String() })),
  components: Type.Object({
    responses: Type.Record(Type.String(), Type.Object({})),
    schemas: Type.Record(Type.String(), Type.Object({ title: Type.String() })),
    securitySchemes: Type.Record(Type.String(), Type.Object({})),
  }),
});

const Operations = Type.Object({
  paths: Type.Record(Type.String(), Type.Record(Type.String(), Operation)),
});

export type OpenApi = Type.Static<typeof Document>;
export type Operation = Type.Static<typeof Operation> & { method: string; path: string };

/** Throws where the document is not built as OpenAPI 3.1 and our own rules want it. */
export function parseOpenApi(json: unknown): OpenApi {
  Value.Assert(Document, json);
  return json;
}

/**
 * Every operation, in the document's order, with what it refers to in place of the references. Throws
 * for one that is not described as our rules want it.
 */
export function operationsOf(document: OpenApi): Operation[] {
  const whole: unknown = withoutReferences({ paths: document.paths }, document);
  if (!Value.Check(Operations, whole)) {
    const faults = Value.Errors(Operations, whole);
    throw new Error(
      faults.map(({ instancePath, message }) => `${instancePath} ${message}`).join("\n"),
    );
  }
  return Object.entries(whole.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method, path })),
  );
}

/** A body in one media type. */
export type Media = Type.Static<typeof Content>[string];

/** What an operation takes and answers, in every media type. */
export function bodiesOf({ requestBody, responses }: Operation): Media[] {
  const parts = [requestBody, ...Object.values(responses)];
  return parts.flatMap((part) => Object.values(part?.content ?? {}));
}

export function examplesOf({ example, examples }: Media): unknown[] {
  const more = Object.values(examples ?? {}).map(({ value }) => value);
  return example === undefined ? more : [example, ...more];
}

/** What stands beside a reference says more than what it leads to. */
function withoutReferences(part: unknown, document: OpenApi): unknown {
  if (typeof part !== "object" || part === null) return part;
  if (Array.isArray(part)) return part.map((each) => withoutReferences(each, document));
  const { $ref, ...rest } = Object(part);
  const target = typeof $ref === "string" ? withoutReferences(find(document, $ref), document) : {};
  const own = Object.entries(rest).map(([name, value]) => [
    name,
    withoutReferences(value, document),
  ]);
  return { ...Object(target), ...Object.fromEntries(own) };
}

/** What a reference leads to; undefined: nowhere. */
export function find(document: OpenApi, reference: string): unknown {
  const [, ...path] = reference.split("/");
  return path.reduce<unknown>((part, name) => Object(part)[name], document);
}

/** Everything in the document that points somewhere: `$ref`. */
export function referencesIn(part: unknown): string[] {
  if (typeof part !== "object" || part === null) return [];
  return Object.entries(part).flatMap(([name, value]) =>
    name === "$ref" && typeof value === "string" ? [value] : referencesIn(value),
  );
}
