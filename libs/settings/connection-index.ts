// Connections by what the address of their receipts ends with: those that stand, and those that were
// deleted while their messages may be open.
import { type AnySetting, isOfKind, type SettingOf } from "./setting.ts";

export type AnyConnection = SettingOf<"connection"> | SettingOf<"ended-connection">;

export type ConnectionIndex = {
  /** Settings of other kinds are none of its business. */
  put(setting: AnySetting): void;
  drop(setting: AnySetting): void;
  find(receiptKey: string): AnyConnection | undefined;
  /** Those that stand. */
  all(): Iterable<SettingOf<"connection">>;
};

export function connectionIndex(): ConnectionIndex {
  const standing = new Map<string, SettingOf<"connection">>();
  const ended = new Map<string, SettingOf<"ended-connection">>();
  return {
    put(setting) {
      if (isOfKind(setting, "connection")) standing.set(receiptKeyOf(setting.body), setting);
      if (isOfKind(setting, "ended-connection")) ended.set(receiptKeyOf(setting.body), setting);
    },
    drop(setting) {
      if (isOfKind(setting, "connection")) standing.delete(receiptKeyOf(setting.body));
      if (isOfKind(setting, "ended-connection")) ended.delete(receiptKeyOf(setting.body));
    },
    find: (receiptKey) => standing.get(receiptKey) ?? ended.get(receiptKey),
    all: () => standing.values(),
  };
}

/** Connections of before have no key of their own. */
function receiptKeyOf({ guid, receiptKey = guid }: AnyConnection["body"]): string {
  return receiptKey;
}
