// A setting as the API shows it: its body, its name as `id`, and when it was last changed.
import type { WebhookSetting } from "#libs/settings/bodies.ts";
import type { AnySetting } from "#libs/settings/setting.ts";

/** What the API adds to a body; taken back with it, these members say nothing. */
const ADDED = ["id", "revision", "changedAt", "changedBy"];
/** The same for a webhook. */
const ADDED_TO_WEBHOOK = ["hasAuthorization", "createdAt", "secretChangedAt"];

export function settingView(setting: AnySetting) {
  const { name: id, revision, changedBy } = setting;
  const changedAt = new Date(setting.changedAt).toISOString();
  return { id, ...shownBody(setting), revision, changedAt, changedBy };
}

/** What a caller gave, without the members that `settingView` adds. */
function withoutAdded(given: unknown, added: readonly string[] = ADDED): unknown {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !added.includes(name)));
}

/** The same, of a webhook. */
export function withoutAddedToWebhook(given: unknown): unknown {
  return withoutAdded(given, [...ADDED, ...ADDED_TO_WEBHOOK]);
}

/** Hashes of keys and sealed secrets are nobody's business. */
function shownBody(setting: AnySetting): object {
  if (setting.kind === "webhook") return shownWebhook(setting.body);
  if (setting.kind !== "api-key") return setting.body;
  const { hash: _hash, ...shown } = setting.body;
  return shown;
}

function shownWebhook(webhook: WebhookSetting): object {
  const { sealedSecret: _secret, previousSealedSecret: _previous, ...rest } = webhook;
  const { sealedAuthorization, ...shown } = rest;
  return { ...shown, hasAuthorization: sealedAuthorization !== undefined };
}
