// Access tokens for endpoints that want one (RFC 6749, section 4.4): asked for once, and used until
// they end or are refused.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { type Dispatcher, request } from "undici";
import { parseJson } from "#libs/json/parse-json.ts";
import type { OAuthClient } from "#libs/webhooks/oauth-client.ts";
import { readShort } from "./read-short.ts";

const TOKEN_COUNT_MAX = 1_000;
/** Where the server does not say how long a token is good; RFC 6749 recommends that it does. */
const LIFE_SECONDS = 300;
/** So much earlier another is asked for: a token must not end on its way. */
const MARGIN_MS = 30_000;

const Grant = Type.Object({
  access_token: Type.String({ pattern: "^[\\x21-\\x7e]{1,8192}$" }),
  expires_in: Type.Optional(Type.Number({ minimum: 0 })),
});

/** `id` names the client's sealed form: a change of any part of it asks for a new token. */
export type AccessTokens = {
  /** Rejects with what the server of tokens has against it. */
  get(id: string, client: OAuthClient): Promise<string>;
  /** The endpoint takes it no more. */
  forget(id: string): void;
};

type Options = { agent: Dispatcher; timeoutMs: number; now: () => number };
type Token = { text: string; endsAt: number };

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
  const asking = { ...tokenRequest(client), method: "POST", signal, dispatcher: agent } as const;
  const { statusCode, body } = await request(client.url, asking);
  const answer = parseJson(await readShort(body));
  if (statusCode !== 200) throw new Error(`The server of tokens answered ${statusCode}.`);
  if (!Value.Check(Grant, answer)) throw new Error("The server of tokens gave no access token.");
  const { access_token: text, expires_in: lifeSeconds = LIFE_SECONDS } = answer;
  return { text, endsAt: now() + lifeSeconds * 1_000 - MARGIN_MS };
}

function tokenRequest({ clientId, clientSecret, credentialsLocation, scope }: OAuthClient) {
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined) form.set("scope", scope);
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
  };
  if (credentialsLocation === "body") {
    form.set("client_id", clientId);
    form.set("client_secret", clientSecret);
    return { headers, body: form.toString() };
  }
  const pair = [clientId, clientSecret].map(encodeURIComponent).join(":");
  const authorization = `Basic ${Buffer.from(pair).toString("base64")}`;
  return { headers: { ...headers, authorization }, body: form.toString() };
}
