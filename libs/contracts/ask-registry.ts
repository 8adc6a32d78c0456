// One question to the schema registry, by Confluent's HTTP API, and whether the answer is its own. Between us and it stand
// proxies and gateways, which answer by pages of their own: of a maintenance, of a login, of a path that leads nowhere
// while the registry is exchanged. Nothing of that says anything of a schema, whatever its status is.
import { request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { text as textOf } from "node:stream/consumers";
import type { RegistryAccess } from "#libs/config/connections.ts";
import { loginRefusal, tlsRefusal } from "#libs/config/refused.ts";
import { cutText } from "#libs/cut-text.ts";
import { RetriableError } from "#libs/errors.ts";

export type Question = { method: "GET" | "POST" | "PUT"; path: string; body?: object | undefined };
/** A success, or a refusal that asking again does not change: then `says` has a code and a message. */
export type Answer = { status: number; says: object };
/**
 * Throws RetriableError where the registry does not answer, or cannot; ConfigError where it refuses us, or is not whom we
 * believe.
 */
export type AskRegistry = (question: Question) => Promise<Answer>;

/** How the registry is called where it refuses us. */
const REGISTRY = { server: "the schema registry", prefix: "SCHEMA_REGISTRY" };
/** A registry answers in milliseconds; a first registration on a busy machine takes up to a second. */
const REQUEST_TIMEOUT_MS = 5_000;
const JSON_TYPE = "application/vnd.schemaregistry.v1+json";
/** What is shown of an answer that is no registry's. */
const SHOWN_LENGTH_MAX = 200;

/** Asks once: whoever asks tries again. Its connections keep no process alive. */
export function registryAsker(registryUrl: string, access: RegistryAccess): AskRegistry {
  return async (question) => {
    const { status, text } = await send(`${registryUrl}${question.path}`, question, access).catch(
      (cause: unknown) => {
        const away = new RetriableError(`The schema registry does not answer at ${registryUrl}.`, {
          cause,
        });
        throw tlsRefusal(cause, REGISTRY) ?? away;
      },
    );
    if (status === 401 || status === 403) throw loginRefusal(REGISTRY);
    const says = objectOf(text);
    if (says && isSettled(status, says)) return { status, says };
    const what = `${status} ${cutText(text, SHOWN_LENGTH_MAX)}`.trim();
    throw new RetriableError(`The schema registry cannot answer at ${registryUrl}: ${what}`);
  };
}

/** Not by undici, which takes a server that refuses our certificate for one that has hung up. Redirects are not followed. */
function send(url: string, { method, body }: Question, access: RegistryAccess) {
  const { promise, resolve, reject } = Promise.withResolvers<{ status: number; text: string }>();
  const request = url.startsWith("https:") ? requestHttps : requestHttp;
  const asking = request(url, {
    method,
    headers: { "content-type": JSON_TYPE, ...authorization(access) },
    signal: AbortSignal.timeout(REQUEST_TIMEOUT_MS),
    ...access.tls,
  });
  asking.on("error", reject);
  asking.on("response", (response) => {
    const status = response.statusCode ?? 0;
    textOf(response).then((text) => resolve({ status, text }), reject);
  });
  asking.end(body && JSON.stringify(body));
  return promise;
}

function authorization({ login }: RegistryAccess): Record<string, string> {
  if (login === undefined) return {};
  if ("token" in login) return { authorization: `Bearer ${login.token}` };
  const basic = Buffer.from(`${login.username}:${login.password}`).toString("base64");
  return { authorization: `Basic ${basic}` };
}

/** The registry's own word, and its last: it calls its refusals by a code beside their status. */
function isSettled(status: number, says: object): boolean {
  if (status < 300) return !("error_code" in says);
  const mayPass = status === 408 || status === 429 || status >= 500;
  return status >= 400 && !mayPass && "error_code" in says && typeof says.error_code === "number";
}

/** Undefined for what is no JSON, or no object. */
function objectOf(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
