// The key that everything starts with, where the environment gives none.
import { newApiKey } from "./api-keys.ts";
import type { SettingsView } from "./connect-settings.ts";
import { ALL_ACCOUNTS } from "./setting.ts";
import { SettingRefusal } from "./setting-refusal.ts";
import type { SettingsWriter } from "./settings-writer.ts";

/** Makes the operator's first key; null where there has been one. It can be shown only now. */
export async function makeFirstAdminKey(
  view: SettingsView,
  writer: SettingsWriter,
): Promise<string | null> {
  if (view.settingsOf(ALL_ACCOUNTS).size > 0) return null;
  const { apiKey, body } = newApiKey({ scopes: ["admin"], label: "first start" }, Date.now());
  const place = { accountId: ALL_ACCOUNTS, kind: "api-key", name: "first" } as const;
  try {
    await writer.change({ place, expected: "absent", by: "first start", next: () => body });
    return apiKey;
  } catch (error) {
    // Another process that started at the same time has made it, and shown it.
    if (error instanceof SettingRefusal && error.code === "revision-mismatch") return null;
    throw error;
  }
}
