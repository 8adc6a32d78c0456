// All settings in memory. A change of an account is seen by the next look-up.
import { type Account, type ApiKey, type Settings, toAccount } from "./account.ts";
import { hashKey } from "./api-keys.ts";
import { type AnySetting, type Place, settingKey } from "./setting.ts";

type AccountSettings = ReadonlyMap<string, AnySetting>;

export type SettingsStore = Settings & {
  /** Takes a setting in place of what stood under its key. */
  put(setting: AnySetting): void;
  /** Forgets what stands under a record's key; unknown keys are none of our business. */
  drop(key: string): void;
  find(place: Place): AnySetting | undefined;
  accountIds(): string[];
  /** By record key. */
  settingsOf(accountId: string): AccountSettings;
};

const NO_SETTINGS: AccountSettings = new Map();

export function settingsStore(): SettingsStore {
  const byAccount = new Map<string, Map<string, AnySetting>>();
  const accounts = new Map<string, Account | undefined>();
  const keys = new Map<string, ApiKey>();
  const find = (accountId: string, key: string) => byAccount.get(accountId)?.get(key);

  function drop(key: string): void {
    const accountId = key.slice(0, key.indexOf("/"));
    const old = find(accountId, key);
    if (!old) return;
    byAccount.get(accountId)?.delete(key);
    accounts.delete(accountId);
    if (old.kind === "api-key") keys.delete(old.body.hash);
  }

  function put(setting: AnySetting): void {
    const { accountId } = setting;
    const key = settingKey(setting);
    drop(key);
    const settings = byAccount.get(accountId) ?? new Map<string, AnySetting>();
    byAccount.set(accountId, settings.set(key, setting));
    accounts.delete(accountId);
    const apiKey = liveKey(setting);
    if (apiKey) keys.set(apiKey.hash, apiKey.key);
  }

  function findAccount(accountId: string): Account | undefined {
    if (!accounts.has(accountId)) {
      const settings = byAccount.get(accountId);
      if (!settings) return undefined;
      accounts.set(accountId, toAccount(settings.values()));
    }
    return accounts.get(accountId);
  }

  return {
    put,
    drop,
    find: (place) => find(place.accountId, settingKey(place)),
    findAccount,
    findKey: (apiKey) => keys.get(hashKey(apiKey)),
    accountIds: () =>
      [...byAccount.keys()].filter((id) => findAccount(id) !== undefined).toSorted(),
    settingsOf: (accountId) => byAccount.get(accountId) ?? NO_SETTINGS,
  };
}

function liveKey(setting: AnySetting): { hash: string; key: ApiKey } | undefined {
  if (setting.kind !== "api-key" || setting.body.revokedAt !== undefined) return undefined;
  const { hash, scopes } = setting.body;
  return { hash, key: { accountId: setting.accountId, name: setting.name, scopes } };
}
