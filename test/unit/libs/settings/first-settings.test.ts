import { expect, it } from "vitest";
import { ConfigError, readEnv } from "#libs/config/read-env.ts";
import { readEmbeddedKeys } from "#libs/settings/embedded-keys.ts";
import { makeFirstAdminKey } from "#libs/settings/first-admin-key.ts";
import { withBody } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";
import type { SettingsWriter } from "#libs/settings/settings-writer.ts";
import { demoView } from "#test/support/demo-settings.ts";

const keysFor = (env: Record<string, string>, host: string) =>
  readEnv(env, (read) => readEmbeddedKeys(read, host));

it("takes the public keys on loopback only, and never in production", () => {
  const embedded = { apiKey: "demo-key", adminKey: "demo-admin-key" };
  const production = { NODE_ENV: "production" };
  expect(keysFor({}, "127.0.0.1")).toEqual(embedded);
  expect(keysFor({}, "0.0.0.0")).toEqual({ apiKey: null, adminKey: null });
  expect(keysFor(production, "127.0.0.1")).toEqual({ apiKey: null, adminKey: null });
  expect(() => keysFor({ API_KEY: "demo-key" }, "0.0.0.0")).toThrow(ConfigError);
  expect(() => keysFor({ ADMIN_KEY: "demo-key", ...production }, "::1")).toThrow(/ADMIN_KEY/);
  const own = { API_KEY: "own", ADMIN_KEY: "admin" };
  expect(keysFor(own, "0.0.0.0")).toEqual({ apiKey: "own", adminKey: "admin" });
});

it("knows the embedded keys by their scopes", () => {
  const settings = demoView();
  expect(settings.findKey("demo-key")).toMatchObject({
    accountId: "demo",
    scopes: ["send", "read"],
  });
  expect(settings.findKey("demo-admin-key")).toMatchObject({ accountId: "*", scopes: ["admin"] });
  expect(settings.findKey("other")).toBeUndefined();
});

function inMemory(refusal?: SettingRefusal) {
  const store = settingsStore();
  const writer: SettingsWriter = {
    change: async ({ place, next }) => {
      if (refusal) throw refusal;
      const body = next(undefined);
      const stamp = { ...place, revision: 1, changedAt: 0, changedBy: "test" };
      if (body !== null) store.put(withBody(stamp, body));
      return null;
    },
  };
  return { view: { ...store, caughtUp: () => Promise.resolve(0) }, writer };
}

it("makes a first admin key once", async () => {
  const { view, writer } = inMemory();
  const key = await makeFirstAdminKey(view, writer);
  expect(view.findKey(String(key))).toMatchObject({ accountId: "*", scopes: ["admin"] });
  expect(await makeFirstAdminKey(view, writer)).toBeNull();
});

it("leaves it to the process that was first", async () => {
  const { view, writer } = inMemory(new SettingRefusal("revision-mismatch", "It is there."));
  expect(await makeFirstAdminKey(view, writer)).toBeNull();
});
