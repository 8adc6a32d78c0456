// Which connections may carry an account's messages: its own, and those that the operator lets it use.
import { ALL_ACCOUNTS, type AnySetting, isOfKind, type SettingOf } from "./setting.ts";

/** `own` are the account's settings, `ofOperator` those above accounts. With those that are not enabled. */
export function usableConnections(
  accountId: string,
  { own, ofOperator }: { own: Iterable<AnySetting>; ofOperator: Iterable<AnySetting> },
): SettingOf<"connection">[] {
  const ofAll = connectionsOf(ofOperator).filter(({ body }) => mayUse(accountId, body));
  return [...connectionsOf(own), ...ofAll];
}

/** Whether a connection is the operator's, and nobody's who sends by it. */
export function isTheOperators({ accountId }: { accountId: string }): boolean {
  return accountId === ALL_ACCOUNTS;
}

function connectionsOf(settings: Iterable<AnySetting>): SettingOf<"connection">[] {
  return [...settings].filter((each) => isOfKind(each, "connection"));
}

function mayUse(accountId: string, { accounts }: SettingOf<"connection">["body"]): boolean {
  return accounts?.includes(accountId) ?? true;
}
