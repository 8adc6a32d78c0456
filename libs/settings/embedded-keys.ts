// Keys that come from the environment and are kept nowhere: those of the embedded account and of
// the operator, so that a first message needs no set-up.
import { DEMO_ACCESS_KEY, DEMO_ADMIN_KEY, DEMO_KEY, readDemoKeys } from "#libs/config/demo-keys.ts";
import type { EnvReader } from "#libs/config/read-env.ts";
import { weakAgainstTries } from "#libs/config/weak-secrets.ts";
import type { AccessKey, ApiKey } from "./account.ts";
import { hashKey } from "./api-keys.ts";
import type { SettingsView } from "./connect-settings.ts";
import { DEMO_ACCOUNT_ID } from "./demo-account.ts";
import { ALL_ACCOUNTS } from "./setting.ts";

/** null: there is none, keys are only in the settings. */
export type EmbeddedKeys = {
  apiKey: string | null;
  adminKey: string | null;
  /** Whether the public access key is good for account `demo`. */
  hasDemoAccessKey: boolean;
};

/**
 * `API_KEY` of account `demo` and `ADMIN_KEY` of the operator, else none, or the public ones where
 * `DEMO_KEYS` asks for them.
 */
export function readEmbeddedKeys(read: EnvReader, listenHost: string): EmbeddedKeys {
  const isDemo = readDemoKeys(read, listenHost);
  const key = (name: string, demoKey: string) =>
    read.secret(name, { findFault: weakAgainstTries, default: isDemo ? demoKey : "" }) || null;
  return {
    apiKey: key("API_KEY", DEMO_KEY),
    adminKey: key("ADMIN_KEY", DEMO_ADMIN_KEY),
    hasDemoAccessKey: isDemo,
  };
}

/** Whether a key that the whole world knows opens a door. */
export function hasDemoKeys({ apiKey, adminKey, hasDemoAccessKey }: EmbeddedKeys): boolean {
  return hasDemoAccessKey || apiKey === DEMO_KEY || adminKey === DEMO_ADMIN_KEY;
}

const demoAccessKey: AccessKey = {
  apiKey: { accountId: DEMO_ACCOUNT_ID, name: DEMO_ACCESS_KEY.id, scopes: ["send", "read"] },
  openSecret: () => DEMO_ACCESS_KEY.secret,
  publicKey: undefined,
};

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
    findAccessKey: (accessKeyId) =>
      keys.hasDemoAccessKey && accessKeyId === DEMO_ACCESS_KEY.id
        ? demoAccessKey
        : view.findAccessKey(accessKeyId),
  };
}
