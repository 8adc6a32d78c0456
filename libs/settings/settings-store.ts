// All settings in memory. A change of an account is seen by the next look-up.

import { openSealed } from "#libs/webhooks/sealing.ts";
import {
  type AccessKey,
  type Account,
  type ApiKey,
  limitsOf,
  type Settings,
  toAccount,
} from "./account.ts";
import { hashKey } from "./api-keys.ts";
import {
  ALL_ACCOUNTS,
  type AnySetting,
  isOfKind,
  type Place,
  type SettingOf,
  settingKey,
} from "./setting.ts";
import { usableConnections } from "./usable-connections.ts";

type AccountSettings = ReadonlyMap<string, AnySetting>;

export type AnyConnection = SettingOf<"connection"> | SettingOf<"ended-connection">;

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
  const keys = new Map<string, ApiKey>();
  const accessKeys = new Map<string, AccessKey>();
  const connections = new Map<string, SettingOf<"connection">>();
  const ended = new Map<string, SettingOf<"ended-connection">>();
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
    if (old.kind === "connection") connections.delete(receiptKeyOf(old.body));
    if (old.kind === "ended-connection") ended.delete(receiptKeyOf(old.body));
    if (old.kind !== "api-key") return;
    keys.delete(old.body.hash);
    accessKeys.delete(old.name);
  }

  function put(setting: AnySetting): void {
    const { accountId } = setting;
    const key = settingKey(setting);
    drop(key);
    const settings = byAccount.get(accountId) ?? new Map<string, AnySetting>();
    byAccount.set(accountId, settings.set(key, setting));
    forget(accountId);
    if (isOfKind(setting, "connection")) connections.set(receiptKeyOf(setting.body), setting);
    if (isOfKind(setting, "ended-connection")) ended.set(receiptKeyOf(setting.body), setting);
    const live = liveKey(setting);
    if (!live) return;
    keys.set(live.hash, live.key);
    if (live.accessKey) accessKeys.set(setting.name, live.accessKey);
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
    findConnection: (receiptKey) => connections.get(receiptKey) ?? ended.get(receiptKey),
    connections: () => connections.values(),
    findAccount,
    connectionsOf,
    findKey: (apiKey) => keys.get(hashKey(apiKey)),
    findAccessKey: (accessKeyId) => accessKeys.get(accessKeyId),
    accountIds: () =>
      [...byAccount.keys()].filter((id) => findAccount(id) !== undefined).toSorted(),
    all: () => [...byAccount.values()].flatMap((settings) => [...settings.values()]),
    settingsOf: (accountId) => byAccount.get(accountId) ?? NO_SETTINGS,
  };
}

function receiptKeyOf({ guid, receiptKey = guid }: AnyConnection["body"]): string {
  return receiptKey;
}

type LiveKey = { hash: string; key: ApiKey; accessKey?: AccessKey };

function liveKey(setting: AnySetting): LiveKey | undefined {
  if (setting.kind !== "api-key" || setting.body.revokedAt !== undefined) return undefined;
  const { accountId, name, body } = setting;
  const { hash, scopes, sealedSecret, publicKey } = body;
  const key = { accountId, name, scopes };
  if (sealedSecret === undefined && publicKey === undefined) return { hash, key };
  const openSecret: AccessKey["openSecret"] = (secretsKeys) =>
    sealedSecret === undefined ? undefined : openSealed(sealedSecret, { secretsKeys, accountId });
  return { hash, key, accessKey: { apiKey: key, openSecret, publicKey } };
}
