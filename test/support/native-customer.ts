// A customer of the native API, over HTTP.
import { Type } from "typebox";
import { Value } from "typebox/value";

const TIMEOUT_MS = 30_000;

/** Members of the answers that tests look into; the rest is there too. */
const Body = Type.Object({
  messageId: Type.Optional(Type.String()),
  batchId: Type.Optional(Type.String()),
  warnings: Type.Optional(Type.Array(Type.Unknown())),
  messages: Type.Optional(Type.Array(Type.Object({ messageId: Type.Optional(Type.String()) }))),
  items: Type.Optional(Type.Array(Type.Object({ messageId: Type.String() }))),
  steps: Type.Optional(Type.Array(Type.Object({ waitMs: Type.Optional(Type.Integer()) }))),
  story: Type.Optional(Type.Array(Type.Object({ text: Type.String() }))),
});

type Call = { key?: string; headers?: Record<string, string>; method?: string };

/** Calls a path under `/ft/v1`: GET without a body, else POST. Any status is an answer. */
export function nativeCustomer(apiUrl: string) {
  return async (path: string, body?: unknown, call: Call = {}) => {
    const { key = "demo-key", headers, method = body === undefined ? "GET" : "POST" } = call;
    const response = await fetch(`${apiUrl}/ft/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return {
      status: response.status,
      headers: response.headers,
      body: Value.Parse(Body, await response.json()),
    };
  };
}
