// A call of Alibaba's RPC as it came. Clients put parameters into the query or into a form as they
// please, some of one message into each; what stands in both is the form's.
import type { FastifyRequest } from "fastify";
import { invalid } from "#libs/dialects/alibaba/api-error.ts";
import { type GivenParameters, JSON_PARAMETERS } from "#libs/dialects/alibaba/read-parameters.ts";
import { HttpRefusal } from "#libs/http/http-fault.ts";
import { isObject } from "#libs/json/json-object.ts";
import type { SignedRequest } from "../../http/authentication/signature.ts";
import { parseBatchBody } from "../../http/batch-bodies.ts";
import { readFormParameters, readParameters } from "../../http/parameters.ts";

const FORM = "application/x-www-form-urlencoded";

/** Throws HttpRefusal for parameters that cannot be read. */
export function readCall({ method, url, headers, body }: FastifyRequest): SignedRequest {
  const [path = "", ...query] = url.split("?");
  const bytes = Buffer.isBuffer(body) ? body : Buffer.alloc(0);
  return {
    method,
    path,
    query: readParameters(query.join("?")),
    headers,
    body: bytes,
    form: readForm(bytes, headers["content-type"] ?? FORM),
  };
}

function readForm(body: Buffer, type: string) {
  if (body.length === 0) return [];
  const isForm = type.toLowerCase().startsWith(FORM);
  if (!isForm) throw new HttpRefusal({ status: 415, advice: `it is ${type.slice(0, 100)}.` });
  return readFormParameters(body);
}

/**
 * The parameters by name, once the caller is known; an empty text says nothing. Throws ApiError for
 * JSON that is none.
 */
export async function readGiven({ query, form }: SignedRequest): Promise<GivenParameters> {
  const named = new Map([...query, ...form]);
  const given: Record<string, unknown> = {};
  for (const [name, text] of named) {
    if (text === "") continue;
    given[name] = JSON_PARAMETERS.includes(name) ? await jsonOf(name, text) : text;
  }
  return given;
}

/** A list is parsed in turns, each item by itself, as a batch's messages are. */
async function jsonOf(name: string, text: string): Promise<unknown> {
  try {
    const parsed = await parseBatchBody(Buffer.from(`{"messages":${text}}`));
    if (isObject(parsed) && Object.keys(parsed).length === 1) return parsed["messages"];
  } catch (error) {
    if (!(error instanceof HttpRefusal)) throw error;
    throw invalid(name, `cannot be read: ${error.fault.advice.replace(/\.$/, "")}`);
  }
  throw invalid(name, "is not valid JSON");
}
