// A setting as the API shows it: its body, its name as `id`, and when it was last changed.
import type { AnySetting } from "#libs/settings/setting.ts";

export function settingView(setting: AnySetting) {
  const { name: id, revision, changedBy } = setting;
  const changedAt = new Date(setting.changedAt).toISOString();
  return { id, ...shownBody(setting), revision, changedAt, changedBy };
}

/** The hash of a key is nobody's business. */
function shownBody(setting: AnySetting): object {
  if (setting.kind !== "api-key") return setting.body;
  const { hash: _hash, ...shown } = setting.body;
  return shown;
}
