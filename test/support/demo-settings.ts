// Account `demo` as the product makes it, in memory, or on the topic for tests without an api.
import type { Contracts } from "#libs/contracts/registry.ts";
import { topics } from "#libs/contracts/topics.ts";
import type { Producer } from "#libs/kafka/ports.ts";
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import { demoSettings } from "#libs/settings/demo-account.ts";
import { withEmbeddedKeys } from "#libs/settings/embedded-keys.ts";
import { type AnySetting, settingKey } from "#libs/settings/setting.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";

/** The account with what `more` puts in its place, and the public keys. */
export function demoView(...more: AnySetting[]): SettingsView {
  const store = settingsStore();
  for (const setting of [...demoSettings, ...more]) store.put(setting);
  const view = { ...store, caughtUp: () => Promise.resolve(0) };
  const keys = { apiKey: "demo-key", adminKey: "demo-admin-key", hasDemoAccessKey: true };
  return withEmbeddedKeys(view, keys);
}

type Connected = { producer: Producer; contracts: Contracts };

/** Puts the account on the topic, as an api would that starts. */
export async function publishDemo({ producer, contracts }: Connected): Promise<void> {
  const records = demoSettings.map((setting) => {
    const value = contracts.setting.encode({ ...setting, body: JSON.stringify(setting.body) });
    return { topic: topics.settings.name, key: settingKey(setting), value };
  });
  await producer.publish(records);
}
