// A vendor's own OpenAPI document as a referee of what we send: a body may have no member that the
// document has not, and what stands under a discriminator must be what its word leads to. Prism and most
// validators pass over both.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2019, type ValidateFunction } from "ajv/dist/2019.js";
import addFormats from "ajv-formats";

export const VENDOR_FOLDER = process.env["VENDOR_OPENAPI"] ?? "../shared/data/vendor-openapi";

/** What is wrong with the JSON that is posted to a path. */
export type RequestReferee = (path: string, body: unknown) => string[];

/** Undefined, with a loud word, where the document is not there. */
export function requestReferee(file: string): RequestReferee | undefined {
  const document = readVendorJson(file);
  if (!document) return undefined;
  const ajv = new Ajv2019({ strict: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema(closed(document, document), "vendor");
  const compiled = new Map<string, ValidateFunction>();
  return (path, body) => {
    const place = `/paths/${escaped(path)}/post/requestBody/content/application~1json/schema`;
    const validate = compiled.get(place) ?? ajv.compile({ $ref: `vendor#${place}` });
    compiled.set(place, validate);
    if (validate(body)) return [];
    return (validate.errors ?? []).map((each) => `${each.instancePath} ${each.message}`);
  };
}

function readVendorJson(file: string): object | undefined {
  const path = join(VENDOR_FOLDER, file);
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch (error) {
    if (Object(error).code !== "ENOENT") throw error;
    console.warn(`SKIPPED: ${path} is not there; VENDOR_OPENAPI names the folder that has it.`);
    return undefined;
  }
}

/** The document with every schema closed where it is used: what it is composed of stays open. */
function closed(value: unknown, document: object, name = ""): object {
  if (Array.isArray(value)) return value.map((each) => closed(each, document));
  if (typeof value !== "object" || value === null) return value as never;
  const entries = Object.entries(value).map(([key, inner]) => {
    if (key === "properties") return [key, mapValues(inner, (each) => closedUse(each, document))];
    if (key === "items" || (key === "schema" && name === "application/json")) {
      return [key, closedUse(inner, document)];
    }
    return [key, closed(inner, document, key)];
  });
  return Object.fromEntries(entries);
}

/** A schema in its place: of the kind that its discriminator names, and with no other members. */
function closedUse(schema: object, document: object): object {
  const inner = closed(schema, document);
  const { $ref, properties, allOf } = Object(schema);
  if ($ref === undefined && properties === undefined && allOf === undefined) return inner;
  const { discriminator, type } = Object($ref ? follow(document, $ref) : schema);
  if (type !== undefined && type !== "object") return inner;
  const kinds = Object.entries<string>(discriminator?.mapping ?? {}).map(([word, kind]) => ({
    if: { properties: { [discriminator.propertyName]: { const: word } } },
    // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's word
    then: { $ref: kind },
  }));
  const more = kinds.length > 0 ? { allOf: [...(Object(inner).allOf ?? []), ...kinds] } : {};
  return { ...inner, ...more, unevaluatedProperties: false };
}

function mapValues(given: object, change: (value: object) => object): object {
  return Object.fromEntries(Object.entries(given).map(([key, value]) => [key, change(value)]));
}

function follow(document: object, ref: string): unknown {
  const names = ref.split("/").slice(1);
  return names.reduce<unknown>((part, name) => Object(part)[name], document);
}

function escaped(path: string): string {
  return encodeURIComponent(path.replaceAll("~", "~0").replaceAll("/", "~1"));
}
