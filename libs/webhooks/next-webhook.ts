// A webhook as it is kept, from what a caller gave and what was kept before.
import type { Static } from "typebox";
import type { NewWebhook, WebhookSetting } from "#libs/settings/bodies.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { type Seal, seal } from "./sealing.ts";
import { makeSecret } from "./webhook-secrets.ts";

export type GivenWebhook = Static<typeof NewWebhook>;
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
  return withGiven(kept, given, sealing, current.sealedAuthorization);
}

type Kept = Pick<WebhookSetting, "sealedSecret" | "secretChangedAt" | "createdAt">;

function withGiven(
  kept: Kept,
  { authorization, ...given }: GivenWebhook,
  sealing: Sealing,
  before?: string,
): WebhookSetting {
  if (!URL.canParse(given.url)) throw new SettingRefusal("invalid", "/url is no URL.");
  const webhook = { ...kept, ...given };
  if (authorization === null) return webhook;
  const sealed = authorization === undefined ? before : seal(authorization, sealing);
  return sealed === undefined ? webhook : { ...webhook, sealedAuthorization: sealed };
}
