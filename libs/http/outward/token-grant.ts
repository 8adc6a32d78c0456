// Access tokens by OAuth 2 (RFC 6749): how they are asked for, and what the answer grants. Who asks
// brings the way there.
import { Type } from "typebox";
import { Value } from "typebox/value";
import { parseJson } from "#libs/json/parse-json.ts";
import { basicLogin } from "./basic-login.ts";

/** Where the server does not say how long a token is good; RFC 6749 recommends that it does. */
const LIFE_SECONDS = 300;
/** So much earlier another is asked for: a token must not end on its way. */
const MARGIN_MS = 30_000;

const Grant = Type.Object({
  access_token: Type.String({ pattern: "^[\\x21-\\x7e]{1,8192}$" }),
  expires_in: Type.Optional(Type.Number({ minimum: 0 })),
});

/** `endsAt`: epoch ms. */
export type Token = { text: string; endsAt: number };
export type TokenRequest = { headers: Record<string, string>; body: string };

/** Throws with what the server has against it. */
export function readGrant(statusCode: number, text: string, now: number): Token {
  const answer = parseJson(text);
  if (statusCode !== 200) throw new Error(`The server of tokens answered ${statusCode}.`);
  if (!Value.Check(Grant, answer)) throw new Error("The server of tokens gave no access token.");
  const { access_token, expires_in: lifeSeconds = LIFE_SECONDS } = answer;
  return { text: access_token, endsAt: now + lifeSeconds * 1_000 - MARGIN_MS };
}

type Client = {
  clientId: string;
  clientSecret: string;
  credentialsLocation: "header" | "body";
  scope?: string;
};

/** Client credentials (RFC 6749, section 4.4). */
export function clientCredentials(client: Client): TokenRequest {
  const { clientId, clientSecret, credentialsLocation, scope } = client;
  const form = { grant_type: "client_credentials", ...(scope !== undefined && { scope }) };
  if (credentialsLocation === "body") {
    return tokenRequest({ ...form, client_id: clientId, client_secret: clientSecret });
  }
  const [user = "", password = ""] = [clientId, clientSecret].map(encodeURIComponent);
  return tokenRequest(form, { authorization: basicLogin({ user, password }) });
}

/** Of any grant. */
export function tokenRequest(
  form: Record<string, string>,
  more: Record<string, string> = {},
): TokenRequest {
  const headers = {
    "content-type": "application/x-www-form-urlencoded",
    accept: "application/json",
    ...more,
  };
  return { headers, body: new URLSearchParams(form).toString() };
}
