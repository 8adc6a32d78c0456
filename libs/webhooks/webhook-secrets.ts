// The secrets that a webhook is signed with, and those of messages' own callback URLs.
import { createHmac } from "node:crypto";
import type { WebhookSetting } from "#libs/settings/bodies/webhook.ts";
import { openSealed, type Seal, seal } from "./sealing.ts";
import { newSecret, secretOf } from "./sign.ts";

/** So long the secret before signs too: a receiver has a day to take the new one. */
const ROTATION_MS = 24 * 3_600_000;

type Secrets = Pick<WebhookSetting, "sealedSecret" | "previousSealedSecret" | "secretChangedAt">;

/** A secret for a new webhook; `secret` must be shown now or never. */
export function makeSecret(sealing: Seal, now: number) {
  const secret = newSecret();
  const sealedSecret = seal(secret, sealing);
  return { secret, stored: { sealedSecret, secretChangedAt: new Date(now).toISOString() } };
}

/** The webhook with a new secret; the one before signs for another day. */
export function rotateSecret(webhook: WebhookSetting, sealing: Seal, now: number) {
  const { secret, stored } = makeSecret(sealing, now);
  return { secret, webhook: { ...webhook, previousSealedSecret: webhook.sealedSecret, ...stored } };
}

/** Newest first; those that cannot be opened, because no key fits any more, are left out. */
export function signingSecrets(webhook: Secrets, sealing: Seal, now: number): string[] {
  const { sealedSecret, previousSealedSecret, secretChangedAt } = webhook;
  const isRotating = now < Date.parse(secretChangedAt) + ROTATION_MS;
  const sealed = [sealedSecret, ...(isRotating ? [previousSealedSecret ?? []].flat() : [])];
  return sealed.flatMap((each) => openSealed(each, sealing) ?? []);
}

/**
 * The secrets of messages' own callback URLs, newest first, one per account and key. They are derived
 * from SECRETS_KEY rather than kept: a message with a callback URL needs nothing to be registered
 * before. All of them sign, so that a receiver has time to take the newest.
 */
export function callbackSecrets({ secretsKeys, accountId }: Seal): [string, ...string[]] {
  const secretUnder = (key: Buffer) =>
    secretOf(createHmac("sha256", key).update(`callbacks/v1/${accountId}`).digest());
  const [newest, ...older] = secretsKeys;
  return [secretUnder(newest), ...older.map(secretUnder)];
}
