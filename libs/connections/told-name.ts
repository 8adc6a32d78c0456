// What a connection is called where a story, a report or a log names it.
import { ALL_ACCOUNTS, type Place } from "#libs/settings/setting.ts";
import { isTheOperators } from "#libs/settings/usable-connections.ts";

// Star, slash and name of the operator's: no setting has a slash in its name, so it is no account's.
export function toldName({ accountId, name }: Pick<Place, "accountId" | "name">): string {
  return isTheOperators({ accountId }) ? `${ALL_ACCOUNTS}/${name}` : name;
}
