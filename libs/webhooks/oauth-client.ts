// What a webhook's access tokens are asked for with (RFC 6749, section 4.4: client credentials), as
// 8x8's registration takes it. It is kept sealed whole: a client's id is half of its secret.
import { type Static, Type } from "typebox";
import { Value } from "typebox/value";
import { openSealed, type Seal, seal } from "./sealing.ts";

export const OAuthClient = Type.Object({
  url: Type.String(),
  clientId: Type.String(),
  clientSecret: Type.String(),
  credentialsLocation: Type.Enum(["header", "body"]),
  scope: Type.Optional(Type.String()),
});
export type OAuthClient = Static<typeof OAuthClient>;

/** As nobody without the key can read it. */
export function sealOAuthClient(client: OAuthClient, sealing: Seal): string {
  return seal(JSON.stringify(client), sealing);
}

/** undefined if it was sealed with another key or for another account. */
export function openOAuthClient(sealed: string, sealing: Seal): OAuthClient | undefined {
  const opened = openSealed(sealed, sealing);
  const client: unknown = opened === undefined ? undefined : JSON.parse(opened);
  return Value.Check(OAuthClient, client) ? client : undefined;
}
