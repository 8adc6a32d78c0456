// A change of SECRETS_KEY is over once nothing is left that only an older key opens: the api sees to
// that when it starts, so that the older one can go without anybody giving a secret again.
import type { RedisConnection } from "#libs/redis/connect-redis.ts";
import { resealed, unopenable, type WithSecrets } from "#libs/settings/sealed-members.ts";
import type { AnySetting, SettingOf } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { keepNewestKey } from "#libs/webhooks/known-secrets-key.ts";
import type { ApiDeps } from "./api-deps.ts";

type Deps = Pick<ApiDeps, "settings" | "writer" | "secretsKeys" | "log">;
type Sealed =
  | SettingOf<"webhook">
  | SettingOf<"api-key">
  | SettingOf<"connection">
  | SettingOf<"ended-connection">;

/**
 * Seals with the newest key what an older one has sealed, and notes in Redis that the newest is enough;
 * not while a setting is left that cannot be sealed again, of which the log says why. Tells there too
 * what no key opens: that secret must be given again. Throws RetriableError while Kafka or Redis is away.
 */
export async function resealSecrets(deps: Deps, redis: Pick<RedisConnection, "at">): Promise<void> {
  const { settings, secretsKeys, log } = deps;
  const left: Record<string, string> = {};
  for (const setting of settings.all()) {
    if (!isSealed(setting)) continue;
    const why = await reseal(setting, deps);
    if (why !== undefined) left[placeOf(setting)] = why;
  }
  if (Object.keys(left).length === 0) return keepNewestKey(redis, secretsKeys);
  const advice =
    "These settings are still sealed by a key of SECRETS_KEYS_OLD, which cannot go: change what is said of them, or give their secrets again, and start the api again.";
  log.error({ left }, advice);
}

function isSealed(setting: AnySetting): setting is Sealed {
  const sealed: readonly string[] = ["webhook", "api-key", "connection", "ended-connection"];
  return sealed.includes(setting.kind);
}

function placeOf({ accountId, kind, name }: Sealed): string {
  return `${accountId}/${kind}/${name}`;
}

/** Undefined once no older key is needed for it, else why it could not be sealed again. */
async function reseal(setting: Sealed, deps: Deps): Promise<string | undefined> {
  const { accountId, kind, name, revision, body } = setting;
  const place = { accountId, kind, name };
  tellLost(setting, deps);
  const next = newlySealed(setting, deps);
  if (next === body) return undefined;
  const expected = { revisions: [revision] };
  try {
    await deps.writer.change({ place, expected, by: "api", next: () => next });
    return undefined;
  } catch (error) {
    if (!(error instanceof SettingRefusal)) throw error;
    // Whoever has changed it since, another api among them, may have sealed it with a key of today.
    const current = deps.settings.find(place);
    const isDone = !current || !isSealed(current) || newlySealed(current, deps) === current.body;
    return isDone ? undefined : error.message;
  }
}

function newlySealed({ accountId, body }: Sealed, { secretsKeys }: Deps): WithSecrets {
  return resealed<WithSecrets>(body, { secretsKeys, accountId });
}

function tellLost(setting: Sealed, { secretsKeys, log }: Deps): void {
  const { accountId, body } = setting;
  const members = unopenable(body, { secretsKeys, accountId });
  if (members.length === 0) return;
  const advice =
    "No key opens what is sealed there: give it again, or its key in SECRETS_KEYS_OLD.";
  log.error({ setting: placeOf(setting), members }, advice);
}
