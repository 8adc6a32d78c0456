// Keys that come from the environment and are kept nowhere: those of the embedded account and of
// the operator, so that a first message needs no set-up.
import { ConfigError, type EnvReader } from "#libs/config/read-env.ts";
import type { ApiKey } from "./account.ts";
import { hashKey } from "./api-keys.ts";
import type { SettingsView } from "./connect-settings.ts";
import { DEMO_ACCOUNT_ID } from "./demo-account.ts";
import { ALL_ACCOUNTS } from "./setting.ts";

/** Public knowledge, hence only good on loopback outside production. */
export const DEMO_KEY = "demo-key";
export const DEMO_ADMIN_KEY = "demo-admin-key";

/** null: there is none, keys are only in the settings. */
export type EmbeddedKeys = { apiKey: string | null; adminKey: string | null };

/**
 * `API_KEY` of account `demo` and `ADMIN_KEY` of the operator, else the public ones, which are
 * refused where others could reach the listener or where `NODE_ENV` is production.
 */
export function readEmbeddedKeys(read: EnvReader, listenHost: string): EmbeddedKeys {
  const production = read.text("NODE_ENV", { default: "development" }) === "production";
  const isPrivate = ["127.0.0.1", "::1", "localhost"].includes(listenHost) && !production;
  const key = (name: string, publicKey: string) => {
    const given = read.text(name, { default: isPrivate ? publicKey : "" });
    if (!isPrivate && [DEMO_KEY, DEMO_ADMIN_KEY].includes(given)) {
      throw new ConfigError([`${name}: the whole world knows ${given}; choose another.`]);
    }
    return given || null;
  };
  return { apiKey: key("API_KEY", DEMO_KEY), adminKey: key("ADMIN_KEY", DEMO_ADMIN_KEY) };
}

/** The view, in which the embedded keys are good too. */
export function withEmbeddedKeys(view: SettingsView, keys: EmbeddedKeys): SettingsView {
  const embedded = new Map<string, ApiKey>();
  if (keys.apiKey !== null) {
    const accountId = DEMO_ACCOUNT_ID;
    embedded.set(hashKey(keys.apiKey), { accountId, name: "API_KEY", scopes: ["send", "read"] });
  }
  if (keys.adminKey !== null) {
    const accountId = ALL_ACCOUNTS;
    embedded.set(hashKey(keys.adminKey), { accountId, name: "ADMIN_KEY", scopes: ["admin"] });
  }
  return {
    ...view,
    findKey: (apiKey) => embedded.get(hashKey(apiKey)) ?? view.findKey(apiKey),
  };
}
