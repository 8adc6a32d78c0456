// A change of SECRETS_KEY is over once nothing is left that only an older key opens: the api sees to
// that when it starts, so that the older one can go without anybody giving a secret again.
import { resealed, unopenable, type WithSecrets } from "#libs/settings/sealed-members.ts";
import type { SettingOf } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import type { ApiDeps } from "./api-deps.ts";

type Deps = Pick<ApiDeps, "settings" | "writer" | "secretsKeys" | "log">;
type Sealed = SettingOf<"webhook"> | SettingOf<"api-key"> | SettingOf<"connection">;

/**
 * Seals with the newest key what an older one has sealed. Tells in the log what no key opens: that
 * secret must be given again. Throws RetriableError while Kafka or Redis is away.
 */
export async function resealSecrets(deps: Deps): Promise<void> {
  const { settings } = deps;
  for (const accountId of settings.accountIds()) {
    for (const setting of Array.from(settings.settingsOf(accountId).values())) {
      const { kind } = setting;
      if (kind === "webhook" || kind === "api-key" || kind === "connection") {
        await reseal(setting, deps);
      }
    }
  }
}

async function reseal(setting: Sealed, { writer, secretsKeys, log }: Deps): Promise<void> {
  const { accountId, kind, name, revision, body } = setting;
  const sealing = { secretsKeys, accountId };
  const lost = unopenable(body, sealing);
  if (lost.length > 0) {
    const advice =
      "No key opens what is sealed there: give it again, or its key in SECRETS_KEYS_OLD.";
    log.error({ accountId, setting: `${kind}/${name}`, members: lost }, advice);
  }
  const next = resealed<WithSecrets>(body, sealing);
  if (next === body) return;
  const place = { accountId, kind, name };
  try {
    // Whoever has changed it since, another api among them, has sealed it with a key of today.
    await writer.change({
      place,
      expected: { revisions: [revision] },
      by: "api",
      next: () => next,
    });
  } catch (error) {
    if (!(error instanceof SettingRefusal)) throw error;
    log.warn({ accountId, setting: `${kind}/${name}`, err: error }, "not sealed again");
  }
}
