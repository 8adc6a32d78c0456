// Access tokens of a connection (OAuth 2): asked for once, used until they end or are refused. One place
// for all providers that want one, whatever they are granted for.
import type { Dispatcher } from "undici";
import { readGrant, type Token, type TokenRequest } from "#libs/http/outward/token-grant.ts";
import { askHttp, type HttpEnd } from "./call-http.ts";
import type { ProviderAnswer } from "./provider-adapter.ts";

export type TokenCalling = { agent: Dispatcher; timeoutMs: number };
type Asking = TokenCalling & {
  /** The server of tokens. */
  url: string;
  /** Made anew for each: an assertion has a time. */
  request: (now: number) => TokenRequest;
};

/** `isFresh`: it was asked for just now, so that another would be refused as well. */
type Held = { token: string; isFresh: boolean };
export type TokenSource = {
  /** Those who ask at once share one request. Rejects with what the server has against it. */
  get(): Promise<Held>;
  forget(): void;
};

/** Asks for a token when one is wanted, and keeps it until shortly before its end. */
export function tokenSource(asking: Asking): TokenSource {
  let held: Promise<Token> | undefined;
  async function get(): Promise<Held> {
    const known = await held;
    if (known && Date.now() < known.endsAt) return { token: known.text, isFresh: false };
    const asked = ask(asking);
    held = asked;
    try {
      return { token: (await asked).text, isFresh: true };
    } catch (error) {
      held = undefined;
      throw error;
    }
  }
  return { get, forget: () => void (held = undefined) };
}

type Temporary = Extract<ProviderAnswer, { type: "temporary" }>;

/**
 * Calls with the token. A server of tokens that gives none has taken nothing from us: it may later. A
 * token that was good before and is refused now is forgotten, and the call may be made again.
 */
export async function withToken(
  source: TokenSource,
  call: (token: string) => Promise<HttpEnd>,
): Promise<HttpEnd | Temporary> {
  const held = await source.get().catch(noToken);
  if ("type" in held) return held;
  const end = await call(held.token);
  if (end.type !== "answered" || end.statusCode !== 401) return end;
  source.forget();
  if (held.isFresh) return end;
  const text = "The access token was refused before its time; another is asked for.";
  return { type: "temporary", code: "token-ended", text };
}

function noToken(error: unknown): Temporary {
  const text = error instanceof Error ? error.message : String(error);
  return { type: "temporary", code: "no-access-token", text };
}

async function ask({ agent, timeoutMs, url, request }: Asking): Promise<Token> {
  const { origin, pathname, search } = new URL(url);
  const now = Date.now();
  const call = { origin, path: `${pathname}${search}`, ...request(now) };
  const end = await askHttp(agent, call, { timeoutMs });
  if (end.type === "answered") return readGrant(end.statusCode, end.text ?? "", now);
  const code = end.type === "late" ? "" : ` (${end.code})`;
  throw new Error(`The server of tokens does not answer${code}.`);
}
