// How bodies are read: JSON in UTF-8, and nothing where nothing was sent.
import { errorCodes, type FastifyInstance, type FastifyRequest } from "fastify";
import { oddShape } from "#libs/json/json-shape.ts";
import { HttpRefusal } from "./http-fault.ts";

/** Half a character of UTF-8 is no text; a byte order mark is left out. */
const utf8 = new TextDecoder("utf-8", { fatal: true });

/**
 * A server whose requests are JSON. One without a body is none of another type, whatever it says of
 * itself: clients name the type also where they send nothing.
 */
export function readJsonBodies(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  const asBuffer = { parseAs: "buffer" } as const;
  server.addContentTypeParser(
    "application/json",
    asBuffer,
    async (_request: FastifyRequest, bytes: Buffer) => parseJsonBody(bytes),
  );
  server.addContentTypeParser("*", async ({ headers }: FastifyRequest) => {
    const { "content-length": length = "0", "transfer-encoding": encoding } = headers;
    if (length !== "0" || encoding) throw new errorCodes.FST_ERR_CTP_INVALID_MEDIA_TYPE();
  });
}

/** The value; undefined for no bytes. Throws HttpRefusal for what is no JSON or has no usual shape. */
export function parseJsonBody(bytes: Uint8Array): unknown {
  if (bytes.length === 0) return undefined;
  const body = parseJson(decode(bytes));
  const odd = oddShape(body);
  if (odd) throw new HttpRefusal({ status: 400, advice: `the body ${odd}.` });
  return body;
}

function decode(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch {
    throw new HttpRefusal({ status: 400, advice: "the body is not UTF-8." });
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpRefusal({ status: 400, advice: "the body is not valid JSON." });
  }
}
