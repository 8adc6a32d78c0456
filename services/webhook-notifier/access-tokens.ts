// Access tokens for endpoints that want one (RFC 6749, section 4.4): asked for once, and used until
// they end or are refused.
import { type Dispatcher, request } from "undici";
import { clientCredentials, readGrant, type Token } from "#libs/http/outward/token-grant.ts";
import type { OAuthClient } from "#libs/webhooks/oauth-client.ts";
import { readShort } from "./read-short.ts";

const TOKEN_COUNT_MAX = 1_000;
/** `id` names the client's sealed form: a change of any part of it asks for a new token. */
export type AccessTokens = {
  /** Rejects with what the server of tokens has against it. */
  get(id: string, client: OAuthClient): Promise<string>;
  /** The endpoint takes it no more. */
  forget(id: string): void;
};

type Options = { agent: Dispatcher; timeoutMs: number; now: () => number };

/** Those who ask at once share one request. A server takes `timeoutMs` at most. */
export function accessTokens(options: Options): AccessTokens {
  const tokens = new Map<string, Promise<Token>>();
  async function get(id: string, client: OAuthClient): Promise<string> {
    const known = await tokens.get(id);
    if (known && options.now() < known.endsAt) return known.text;
    if (tokens.size >= TOKEN_COUNT_MAX) tokens.clear();
    const asked = ask(client, options);
    tokens.set(id, asked);
    try {
      return (await asked).text;
    } catch (error) {
      tokens.delete(id);
      throw error;
    }
  }
  return { get, forget: (id) => void tokens.delete(id) };
}

async function ask(client: OAuthClient, { agent, timeoutMs, now }: Options): Promise<Token> {
  const signal = AbortSignal.timeout(timeoutMs);
  const asking = {
    ...clientCredentials(client),
    method: "POST",
    signal,
    dispatcher: agent,
  } as const;
  const { statusCode, body } = await request(client.url, asking);
  return readGrant(statusCode, await readShort(body), now());
}
