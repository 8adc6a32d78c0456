// A setting as the API shows it: its body, its name as `id`, and when it was last changed.
import type { AnySetting } from "#libs/settings/setting.ts";

/** What the API adds to a body; taken back with it, these members say nothing. */
const ADDED = ["id", "revision", "changedAt", "changedBy"];

export function settingView(setting: AnySetting) {
  const { name: id, revision, changedBy } = setting;
  const changedAt = new Date(setting.changedAt).toISOString();
  return { id, ...shownBody(setting), revision, changedAt, changedBy };
}

/** What a caller gave, without the members that `settingView` adds. */
export function withoutAdded(given: unknown): unknown {
  if (typeof given !== "object" || given === null || Array.isArray(given)) return given;
  return Object.fromEntries(Object.entries(given).filter(([name]) => !ADDED.includes(name)));
}

/** The hash of a key is nobody's business. */
function shownBody(setting: AnySetting): object {
  if (setting.kind !== "api-key") return setting.body;
  const { hash: _hash, ...shown } = setting.body;
  return shown;
}
