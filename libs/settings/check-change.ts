// The rules of a change that concern more than the setting's own body.
import { channels } from "#libs/contracts/topics.ts";
import { isSmsSource } from "#libs/sms-text/sms-source.ts";
import { priceName, templateName } from "./account.ts";
import { codeRuleName } from "./code-rules.ts";
import { publicKeyFault } from "./public-key.ts";
import { type UnmetNeed, unmetNeeds } from "./references.ts";
import {
  ALL_ACCOUNTS,
  type AnySetting,
  type BodyOf,
  type Kind,
  type Place,
  type SettingOf,
  settingKey,
} from "./setting.ts";
import { SettingRefusal } from "./setting-refusal.ts";
import type { SettingsStore } from "./settings-store.ts";
import { templateTtlFault } from "./template-ttl.ts";

/** Of one kind in one account; every process holds them all in memory. */
const SETTING_COUNT_MAX = 1_000;
/** Every event of every message of the account goes to each of them. */
export const WEBHOOK_COUNT_MAX = 20;
/** Users of a setting that are told at once. */
const USER_COUNT_MAX = 20;

type Store = Pick<SettingsStore, "settingsOf" | "accountIds" | "findAccount">;
type AccountSettings = ReadonlyMap<string, AnySetting>;

/** Throws SettingRefusal unless the settings hold together with `after` at `place` (null: nothing). */
export function checkChange(place: Place, after: AnySetting | null, store: Store): void {
  const before = store.settingsOf(place.accountId);
  const settings = withChange(before, place, after);
  const countMax = place.kind === "webhook" ? WEBHOOK_COUNT_MAX : SETTING_COUNT_MAX;
  if (after && countOf(after.kind, settings) > countMax) {
    const what = `An account has ${countMax} settings of this kind at most.`;
    throw new SettingRefusal("too-many", `${what} Delete one first.`);
  }
  if (after) checkPublicKey(after);
  if (place.accountId === ALL_ACCOUNTS) return;
  if (after) checkNames(after, store);
  if (after) checkBody(after, settings);
  if (after && after.kind !== "account" && !store.findAccount(place.accountId)) {
    throw new SettingRefusal("not-found", "There is no such account.");
  }
  checkNeeds(`${place.kind}/${place.name}`, newNeeds(before, settings));
}

function checkNeeds(own: string, needs: readonly UnmetNeed[]): void {
  if (needs.length === 0) return;
  const missing = needs.filter(({ user }) => user === own).map(({ what }) => what);
  if (missing.length > 0) {
    throw new SettingRefusal("unknown-reference", `The account has no ${missing.join(", no ")}.`);
  }
  const users = [...new Set(needs.map(({ user }) => user))].slice(0, USER_COUNT_MAX);
  throw new SettingRefusal(
    "in-use",
    `It is in use; change these first: ${users.join(", ")}.`,
    users,
  );
}

/** What was missing before is not this change's fault, and must not stand in the way of others. */
function newNeeds(before: AccountSettings, after: AccountSettings): UnmetNeed[] {
  const old = new Set(unmetNeeds(before.values()).map(({ user, what }) => `${user} ${what}`));
  return unmetNeeds(after.values()).filter(({ user, what }) => !old.has(`${user} ${what}`));
}

function checkNames(setting: AnySetting, store: Store): void {
  const name = impliedName(setting);
  if (name !== setting.name) {
    throw new SettingRefusal("invalid", `Its name must be ${name}, as its body says.`);
  }
  if (setting.kind === "channel" && !channels.some((channel) => channel === name)) {
    throw new SettingRefusal("invalid", `Its name must be one of ${channels.join(", ")}.`);
  }
  if (setting.kind === "account" && isTaken(setting, store)) {
    throw new SettingRefusal("invalid", "/guid is another account's.");
  }
}

function checkBody(setting: AnySetting, settings: AccountSettings): void {
  const { kind, body } = setting;
  checkSmsSenders(setting);
  const fault = kind === "template" ? templateTtlFault(body) : null;
  if (fault !== null) throw new SettingRefusal("invalid", `${fault}.`);
  if (kind === "flow") checkTitle(setting, settings);
  if (kind === "price") checkCurrency(body, settings);
}

function checkPublicKey({ kind, body }: AnySetting): void {
  if (kind !== "api-key" || body.publicKey === undefined) return;
  const fault = publicKeyFault(body.publicKey);
  if (fault !== null) throw new SettingRefusal("invalid", `/publicKey ${fault}.`);
}

/** Published or not: people tell flows by it. */
function checkTitle({ name, body }: SettingOf<"flow">, settings: AccountSettings): void {
  if (body.name === undefined) return;
  for (const other of settings.values()) {
    if (other.kind !== "flow" || other.name === name || other.body.name !== body.name) continue;
    throw new SettingRefusal("invalid", `Its title is that of flow ${other.name}: choose another.`);
  }
}

function checkCurrency(body: BodyOf<"price">, settings: AccountSettings): void {
  const other = pricesOf(settings).find(({ currency }) => currency !== body.currency);
  if (!other) return;
  const advice = `The account's prices are in ${other.currency}: costs are told in one currency.`;
  throw new SettingRefusal("invalid", `/currency: ${advice}`);
}

/** Asked of what is written, not of what is read: a setting of before the rule goes on working. */
function checkSmsSenders(setting: AnySetting): void {
  const odd = smsSendersOf(setting).find((sender) => !isSmsSource(sender));
  if (odd === undefined) return;
  const rule = "at most 11 letters and digits, or at most 15 digits";
  throw new SettingRefusal("invalid", `${JSON.stringify(odd)} is no sender of SMS: ${rule}.`);
}

function smsSendersOf({ kind, name, body }: AnySetting): readonly string[] {
  if (kind === "sms-sender") return [name];
  if (kind === "fallback-rule") return [body.sendId];
  return kind === "channel" && name === "sms" ? body.senders : [];
}

function pricesOf(settings: AccountSettings): BodyOf<"price">[] {
  return [...settings.values()].flatMap(({ kind, body }) => (kind === "price" ? [body] : []));
}

/** Two templates of one name and language, or two prices or rules of one place, would be one too many. */
function impliedName({ kind, name, body }: AnySetting): string {
  if (kind === "template") return templateName(body);
  if (kind === "code-rule") return codeRuleName(body);
  return kind === "price" ? priceName(body) : name;
}

function isTaken({ accountId, body }: SettingOf<"account">, store: Store): boolean {
  const others = store.accountIds().filter((id) => id !== accountId);
  return others.some((id) => store.findAccount(id)?.guid === body.guid);
}

function withChange(before: AccountSettings, place: Place, after: AnySetting | null) {
  const settings = new Map(before);
  settings.delete(settingKey(place));
  return after ? settings.set(settingKey(place), after) : settings;
}

function countOf(kind: Kind, settings: AccountSettings): number {
  return [...settings.values()].filter((setting) => setting.kind === kind).length;
}
