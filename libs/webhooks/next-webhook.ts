// A webhook as it is kept, from what a caller gave and what was kept before.
import type { Static } from "typebox";
import type { NewWebhook, WebhookSetting } from "#libs/settings/bodies/webhook.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { type OAuthClient, sealOAuthClient } from "./oauth-client.ts";
import { type Seal, seal } from "./sealing.ts";
import { makeSecret } from "./webhook-secrets.ts";

/** `oauth` only in 8x8's dialect; it takes the place of an authorization. */
export type GivenWebhook = Static<typeof NewWebhook> & { oauth?: OAuthClient | null };
type Sealing = Seal & { now: number };

/** A new webhook; `secret` must be shown now or never. Throws SettingRefusal `invalid`. */
export function firstWebhook(given: GivenWebhook, sealing: Sealing) {
  const { secret, stored } = makeSecret(sealing, sealing.now);
  const createdAt = new Date(sealing.now).toISOString();
  return { secret, webhook: withGiven({ ...stored, createdAt }, given, sealing) };
}

/** Keeps its secret, and its authorization if none is given. Throws SettingRefusal `invalid`. */
export function nextWebhook(
  given: GivenWebhook,
  current: WebhookSetting,
  sealing: Sealing,
): WebhookSetting {
  const { sealedSecret, previousSealedSecret, secretChangedAt, createdAt } = current;
  const kept = {
    sealedSecret,
    secretChangedAt,
    createdAt,
    ...(previousSealedSecret !== undefined && { previousSealedSecret }),
  };
  return withGiven(kept, given, sealing, current);
}

type Kept = Pick<WebhookSetting, "sealedSecret" | "secretChangedAt" | "createdAt">;

function withGiven(
  kept: Kept,
  { authorization, oauth, ...given }: GivenWebhook,
  sealing: Sealing,
  before?: Pick<WebhookSetting, "sealedAuthorization" | "sealedOauth">,
): WebhookSetting {
  if (!URL.canParse(given.url)) throw new SettingRefusal("invalid", "/url is no URL.");
  const webhook = { ...kept, ...given };
  if (oauth) return { ...webhook, sealedOauth: sealOAuthClient(oauth, sealing) };
  if (authorization === null) return webhook;
  if (authorization !== undefined) {
    return { ...webhook, sealedAuthorization: seal(authorization, sealing) };
  }
  const { sealedAuthorization, sealedOauth } = before ?? {};
  return {
    ...webhook,
    ...(sealedAuthorization !== undefined && { sealedAuthorization }),
    ...(sealedOauth !== undefined && { sealedOauth }),
  };
}
