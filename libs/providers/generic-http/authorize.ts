// How a request shows whose it is.
import { basicLogin } from "#libs/http/outward/basic-login.ts";
import { clientCredentials } from "#libs/http/outward/token-grant.ts";
import { type TokenCalling, type TokenSource, tokenSource } from "../access-token.ts";
import { signAs } from "../authentication/hmac.ts";
import { inHeader } from "./escapes.ts";
import type { Values } from "./placeholders.ts";
import type { AuthOptions } from "./request-options.ts";
import { fill } from "./template.ts";

/** The headers that a body gets. `now` is epoch ms. */
export type Authorize = (body: string, now: number) => Record<string, string>;

/** By the one way that the connection says; none adds no header. What no header holds is escaped. */
export function authorizing(
  { basic, bearer, hmac }: Omit<AuthOptions, "oauth2">,
  secrets: Values,
): Authorize {
  const of = (template: string) => fill(template, secrets, (text) => text);
  if (basic) {
    const authorization = basicLogin({ user: of(basic.user), password: of(basic.password) });
    return () => ({ authorization });
  }
  if (bearer) {
    const authorization = `Bearer ${inHeader(of(bearer.token))}`;
    return () => ({ authorization });
  }
  if (!hmac) return () => ({});
  const { header, timestampHeader } = hmac;
  const key = Buffer.from(of(hmac.key));
  return (body, now) => {
    const seconds = `${Math.floor(now / 1_000)}`;
    const signed = timestampHeader === undefined ? body : `${seconds}.${body}`;
    return {
      [header]: signAs(hmac, key, Buffer.from(signed)),
      ...(timestampHeader !== undefined && { [timestampHeader]: seconds }),
    };
  };
}

/** Undefined where no access token is wanted. */
export function gatewayTokens(
  { oauth2 }: Pick<AuthOptions, "oauth2">,
  secrets: Values,
  calling: TokenCalling,
): TokenSource | undefined {
  if (!oauth2) return undefined;
  const { url, credentialsIn: credentialsLocation, scope } = oauth2;
  const [clientId = "", clientSecret = ""] = [oauth2.clientId, oauth2.clientSecret].map((each) =>
    fill(each, secrets, (text) => text),
  );
  const client = {
    clientId,
    clientSecret,
    credentialsLocation,
    ...(scope !== undefined && { scope }),
  };
  return tokenSource({ ...calling, url, request: () => clientCredentials(client) });
}
