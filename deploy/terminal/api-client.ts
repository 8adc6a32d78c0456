// How the terminal tool talks to the API: over HTTP with a time limit, like everybody else.
import { type Static, type TSchema, Type } from "typebox";
import { Value } from "typebox/value";
import { printableValue } from "#libs/printable.ts";
import { type Fault, refusalFault, unreachableFault } from "./faults.ts";

/** The API gives up on a silent Kafka after 8 s where that is to take a message, after up to 25 s where it reads there first. */
const TIMEOUT_MS = 30_000;

export type ApiRequest = {
  method?: "GET" | "POST" | "PUT" | "DELETE";
  /** Below `/ft/v1`, with its query. */
  path: string;
  body?: unknown;
  headers?: Readonly<Record<string, string>>;
};

export type ApiClient = {
  url: string;
  /** The answer's body. Throws Fault where the API refuses, is silent or answers something else. */
  call<Schema extends TSchema>(schema: Schema, request: ApiRequest): Promise<Static<Schema>>;
};

const Problem = Type.Object({
  title: Type.String(),
  detail: Type.Optional(Type.String()),
  code: Type.String(),
});

type ClientOptions = {
  url: string;
  key: string;
  /** What is read is to be printed, not handed on or sent back: texts come as they may be printed. */
  isForPrint: boolean;
};

/** A client of the native API at `url` with a bearer key. */
export function createApiClient({ url, key, isForPrint }: ClientOptions): ApiClient {
  return {
    url,
    call: async (schema, request) => {
      const response = await exchange(url, key, request);
      const given = response.status === 204 ? {} : parseJson(response.text);
      // What it refuses with is only ever shown.
      if (response.status >= 400) throw toRefusal(response, printableValue(given), url);
      const body = isForPrint ? printableValue(given) : given;
      if (Value.Check(schema, body)) return body;
      const advice = `Is that Fallthrough, and of this version? Look at ${url}/ft/v1/docs.`;
      throw refusalFault(`${url} answered something unexpected. ${advice}`, "unexpected-answer");
    },
  };
}

async function exchange(url: string, key: string, request: ApiRequest) {
  const { method = "GET", path, body, headers } = request;
  try {
    const response = await fetch(`${url}/ft/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${key}`,
        ...(body !== undefined && { "content-type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, text: await response.text() };
  } catch (error) {
    throw toUnreachable(error, url);
  }
}

function toUnreachable(error: unknown, url: string): Fault {
  if (error instanceof Error && error.name === "TimeoutError") {
    const advice = "Try again, or look at its log.";
    return unreachableFault(`${url} did not answer within ${TIMEOUT_MS / 1000} s. ${advice}`);
  }
  const advice = "Start it with `npm start`, or set FALLTHROUGH_URL.";
  return unreachableFault(`Nothing answers at ${url}. ${advice}`);
}

/** What the API says of a refusal: its title, what to do, its code. */
function toRefusal({ status }: { status: number }, body: unknown, url: string): Fault {
  if (!Value.Check(Problem, body)) {
    const advice = "Is that Fallthrough? Mend FALLTHROUGH_URL or --url if not.";
    return refusalFault(`${url} answered HTTP ${status}. ${advice}`, `http-${status}`);
  }
  const { title, detail = "", code } = body;
  const more = code === "unauthorized" || code === "forbidden" ? ` ${KEY_ADVICE}` : "";
  return refusalFault(`${title} (${code}).\n${detail}${more}`, code);
}

const KEY_ADVICE =
  "Keys come from --key or FALLTHROUGH_KEY, those for settings from --admin-key or FALLTHROUGH_ADMIN_KEY.";

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
