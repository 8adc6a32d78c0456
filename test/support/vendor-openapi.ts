// A vendor's own OpenAPI document as a referee: whether a client that was generated from it could
// read an answer. It is the vendor's, so it lies beside the project and is no part of it.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv, type ValidateFunction } from "ajv";
import addFormats from "ajv-formats";
import { parse } from "yaml";

const FOLDER = process.env["VENDOR_OPENAPI"] ?? "../shared/data/vendor-openapi";
const METHODS = ["get", "put", "post", "delete", "patch"];
const JSON_BODY = "application/json";

export type VendorOperation = {
  method: string;
  /** As the document writes it, with members in braces. */
  path: string;
  /** Those that it answers with, as far as the document says. */
  statuses: readonly number[];
  /** Bodies that the document gives as examples, by name. */
  requests: ReadonlyMap<string, unknown>;
};

export type VendorDocument = {
  operations: readonly VendorOperation[];
  /** What a strict client finds wrong with an answer; empty where the document asks for no body. */
  faultsOf: (operation: VendorOperation, status: number, body: unknown) => string[];
};

/** The document; undefined, and a loud word, where it is not there. */
export function readVendorDocument(file: string): VendorDocument | undefined {
  const path = join(FOLDER, file);
  try {
    // YAML has JSON within it.
    return vendorDocument(parse(readFileSync(path, "utf8")));
  } catch (error) {
    if (Object(error).code !== "ENOENT") throw error;
    console.warn(`SKIPPED: ${path} is not there; VENDOR_OPENAPI names the folder that has it.`);
    return undefined;
  }
}

function vendorDocument(document: object): VendorDocument {
  // OpenAPI 3.0 has words that JSON Schema has not; members that are not documented are tolerated.
  const ajv = new Ajv({ strict: false, allErrors: true, formats: { binary: true } });
  addFormats.default(ajv);
  ajv.addSchema(document, "vendor");
  const compiled = new Map<string, ValidateFunction>();
  const validatorAt = (pointer: string) => {
    const known = compiled.get(pointer) ?? ajv.compile({ $ref: `vendor#${pointer}` });
    compiled.set(pointer, known);
    return known;
  };
  return {
    operations: operationsOf(document),
    faultsOf: ({ method, path }, status, body) => {
      const answer = `/paths/${escaped(path)}/${method.toLowerCase()}/responses/${status}`;
      const [place, { content }] = follow(document, answer);
      if (!content?.[JSON_BODY]?.schema) return [];
      const validate = validatorAt(`${place}/content/${escaped(JSON_BODY)}/schema`);
      if (validate(body)) return [];
      return (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
    },
  };
}

function operationsOf(document: object): VendorOperation[] {
  const { paths } = Object(document);
  return Object.entries<Record<string, object>>(paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      if (!METHODS.includes(method)) return [];
      const { responses, requestBody } = Object(operation);
      const statuses = Object.keys(responses).map(Number);
      const requests = requestsOf(Object(requestBody));
      return [{ method: method.toUpperCase(), path, statuses, requests }];
    }),
  );
}

/** Examples stand beside the schema, in it, or in an extension of the document's own. */
function requestsOf(requestBody: Record<string, Record<string, unknown>>): Map<string, unknown> {
  const { schema, examples } = Object(requestBody["content"]?.[JSON_BODY]);
  const named = Object.entries<{ value: unknown }>(examples ?? {});
  const more = requestBody["x-examples"]?.[JSON_BODY];
  return new Map([
    ...named.map(([name, { value }]) => [name, value] as const),
    ...(schema?.example === undefined ? [] : [["the schema's", schema.example] as const]),
    ...(more === undefined ? [] : [["the extension's", more] as const]),
  ]);
}

type Answer = { $ref?: string; content?: Record<string, { schema?: object }> };

/** What stands at a pointer, or where its reference leads to, and its pointer. */
function follow(document: object, pointer: string): [pointer: string, Answer] {
  const found = pointer
    .split("/")
    .slice(1)
    .reduce<unknown>((part, name) => Object(part)[unescaped(name)], document);
  const answer: Answer = Object(found);
  return answer.$ref ? follow(document, answer.$ref.slice(1)) : [pointer, answer];
}

/** A name within a JSON pointer that stands in a URI. */
function escaped(name: string): string {
  return encodeURIComponent(name.replaceAll("~", "~0").replaceAll("/", "~1"));
}

function unescaped(name: string): string {
  return decodeURIComponent(name).replaceAll("~1", "/").replaceAll("~0", "~");
}
