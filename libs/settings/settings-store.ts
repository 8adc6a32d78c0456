// All settings in memory. A change of an account is seen by the next look-up.
import { type Account, limitsOf, type Settings, toAccount } from "./account.ts";
import { type AnyConnection, connectionIndex } from "./connection-index.ts";
import { keyIndex } from "./key-index.ts";
import {
  ALL_ACCOUNTS,
  type AnySetting,
  type Place,
  type SettingOf,
  settingKey,
} from "./setting.ts";
import { usableConnections } from "./usable-connections.ts";

type AccountSettings = ReadonlyMap<string, AnySetting>;

export type SettingsStore = Settings & {
  /** Takes a setting in place of what stood under its key. */
  put(setting: AnySetting): void;
  /** Forgets what stands under a record's key; unknown keys are none of our business. */
  drop(key: string): void;
  find(place: Place): AnySetting | undefined;
  /** By what the address of its receipts ends with; also one that was deleted, while its messages may be open. */
  findConnection(receiptKey: string): AnyConnection | undefined;
  /** Of all accounts, and the operator's. */
  connections(): Iterable<SettingOf<"connection">>;
  accountIds(): string[];
  /** Every setting, those of no account among them. */
  all(): AnySetting[];
  /** By record key. */
  settingsOf(accountId: string): AccountSettings;
};

const NO_SETTINGS: AccountSettings = new Map();

/** Empty; whoever follows the topic fills it. */
export function settingsStore(): SettingsStore {
  const byAccount = new Map<string, Map<string, AnySetting>>();
  const accounts = new Map<string, Account | undefined>();
  const usable = new Map<string, SettingOf<"connection">[]>();
  const keys = keyIndex();
  const connections = connectionIndex();
  const find = (accountId: string, key: string) => byAccount.get(accountId)?.get(key);

  /** What is the operator's holds for every account. */
  function forget(accountId: string): void {
    if (accountId !== ALL_ACCOUNTS) {
      accounts.delete(accountId);
      usable.delete(accountId);
      return;
    }
    accounts.clear();
    usable.clear();
  }

  function drop(key: string): void {
    const accountId = key.slice(0, key.indexOf("/"));
    const old = find(accountId, key);
    if (!old) return;
    byAccount.get(accountId)?.delete(key);
    forget(accountId);
    connections.drop(old);
    keys.drop(old);
  }

  function put(setting: AnySetting): void {
    const { accountId } = setting;
    const key = settingKey(setting);
    drop(key);
    const settings = byAccount.get(accountId) ?? new Map<string, AnySetting>();
    byAccount.set(accountId, settings.set(key, setting));
    forget(accountId);
    connections.put(setting);
    keys.put(setting);
  }

  function findAccount(accountId: string): Account | undefined {
    if (!accounts.has(accountId)) {
      const settings = byAccount.get(accountId);
      if (!settings) return undefined;
      const limitsOfAll = limitsOf(byAccount.get(ALL_ACCOUNTS)?.values() ?? []);
      accounts.set(accountId, toAccount(settings.values(), limitsOfAll));
    }
    return accounts.get(accountId);
  }

  function connectionsOf(accountId: string): SettingOf<"connection">[] {
    const known = usable.get(accountId);
    if (known) return known;
    const own = byAccount.get(accountId);
    // What is kept for nobody would grow with every id that somebody makes up.
    const ofOperator = byAccount.get(ALL_ACCOUNTS)?.values() ?? [];
    const found = usableConnections(accountId, { own: own?.values() ?? [], ofOperator });
    if (own) usable.set(accountId, found);
    return found;
  }

  return {
    put,
    drop,
    find: (place) => find(place.accountId, settingKey(place)),
    findConnection: (receiptKey) => connections.find(receiptKey),
    connections: () => connections.all(),
    findAccount,
    connectionsOf,
    findKey: (apiKey) => keys.find(apiKey),
    findAccessKey: (accessKeyId) => keys.findAccessKey(accessKeyId),
    accountIds: () =>
      [...byAccount.keys()].filter((id) => findAccount(id) !== undefined).toSorted(),
    all: () => [...byAccount.values()].flatMap((settings) => [...settings.values()]),
    settingsOf: (accountId) => byAccount.get(accountId) ?? NO_SETTINGS,
  };
}
