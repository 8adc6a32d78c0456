// Ids that are counted up: `S_000001`, as the consoles of vendors show them.
import type { SettingsView } from "#libs/settings/connect-settings.ts";
import type { Kind, Place } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";

/** Others may take an id at the same time; so many of them at most. */
const TRY_COUNT_MAX = 10;

export type Numbered<K extends Kind> = Omit<Place<K>, "name"> & { idPrefix: string };

/** Makes a setting under the first free id after the highest; another's that was quicker is left alone. */
export async function tryIds<K extends Kind, Made>(
  { accountId, kind, idPrefix }: Numbered<K>,
  settings: SettingsView,
  make: (place: Place<K>) => Promise<Made>,
): Promise<Made> {
  for (let tryCount = 1; ; tryCount += 1) {
    const name = nextId({ accountId, kind, idPrefix }, settings);
    try {
      return await make({ accountId, kind, name });
    } catch (error) {
      const isTaken = error instanceof SettingRefusal && error.code === "revision-mismatch";
      if (!isTaken || tryCount === TRY_COUNT_MAX) throw error;
    }
  }
}

function nextId({ accountId, kind, idPrefix }: Numbered<Kind>, settings: SettingsView): string {
  const form = new RegExp(`^${idPrefix}(\\d{6})$`);
  const own = [...settings.settingsOf(accountId).values()].filter((each) => each.kind === kind);
  const numbers = own.map(({ name }) => Number(form.exec(name)?.[1] ?? 0));
  const highest = numbers.reduce((a, b) => Math.max(a, b), 0);
  return `${idPrefix}${String(highest + 1).padStart(6, "0")}`;
}
