import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { readEnv } from "#libs/config/read-env.ts";
import { readEmbeddedKeys } from "#libs/settings/embedded-keys.ts";
import { makeFirstAdminKey } from "#libs/settings/first-admin-key.ts";
import { withBody } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { settingsStore } from "#libs/settings/settings-store.ts";
import type { SettingsWriter } from "#libs/settings/settings-writer.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";
import { demoView } from "#test/support/demo-settings.ts";

const keysFor = (env: Record<string, string>, host: string) =>
  readEnv(env, (read) => readEmbeddedKeys(read, host));

const own = () => randomBytes(16).toString("hex");
const DEMO = { DEMO_KEYS: "on" };
const none = { apiKey: null, adminKey: null, hasDemoAccessKey: false };

it("takes the public keys only where they are asked for", () => {
  expect(keysFor(DEMO, "127.0.0.1")).toEqual({
    apiKey: "demo-key",
    adminKey: "demo-admin-key",
    hasDemoAccessKey: true,
  });
  for (const NODE_ENV of ["", "development", "staging", "Production"]) {
    expect(keysFor({ NODE_ENV }, "127.0.0.1")).toEqual(none);
    expect(() => keysFor({ NODE_ENV, API_KEY: "demo-key" }, "127.0.0.1")).toThrow(/API_KEY: /);
  }
});

it("refuses to be asked for them where others reach the listener, and in production", () => {
  for (const host of ["0.0.0.0", "::", "10.0.0.1", "fallthrough.example"]) {
    expect(() => keysFor(DEMO, host)).toThrow(/DEMO_KEYS must be off where others/);
  }
  for (const NODE_ENV of ["production", "Production", "prod"]) {
    expect(() => keysFor({ ...DEMO, NODE_ENV }, "::1")).toThrow(/DEMO_KEYS must be off in prod/);
  }
});

it("takes one's own keys anywhere", () => {
  const [apiKey, adminKey] = [own(), own()];
  const env = { API_KEY: apiKey, ADMIN_KEY: adminKey, NODE_ENV: "production" };
  expect(keysFor(env, "0.0.0.0")).toEqual({ apiKey, adminKey, hasDemoAccessKey: false });
});

const readWeak = () =>
  readEnv(
    { API_KEY: "a", ADMIN_KEY: "demo-admin-key", SECRETS_KEY: "AAAA", PORT: "x" },
    (reader) => {
      readEmbeddedKeys(reader, "0.0.0.0");
      readSecretsKeys(reader);
      return reader.integer("PORT", { min: 0, max: 1 });
    },
  );

it("tells weak keys, equal ones and everything else at once", () => {
  expect(readWeak).toThrow(
    /^.*\n.*API_KEY: .*\n.*ADMIN_KEY: .*\n.*SECRETS_KEY: .*\n.*PORT must.*$/,
  );
  const same = own();
  expect(() => keysFor({ API_KEY: same, ADMIN_KEY: same }, "::1")).toThrow(
    "ADMIN_KEY is the same as API_KEY",
  );
});

it("knows the embedded keys by their scopes", () => {
  const settings = demoView();
  expect(settings.findKey("demo-key")).toMatchObject({
    accountId: "demo",
    scopes: ["send", "read"],
  });
  expect(settings.findKey("demo-admin-key")).toMatchObject({ accountId: "*", scopes: ["admin"] });
  expect(settings.findKey("other")).toBeUndefined();
  const access = settings.findAccessKey("demo");
  expect(access?.apiKey).toMatchObject({ accountId: "demo", scopes: ["send", "read"] });
  expect(access?.openSecret([Buffer.alloc(32)])).toBe("demo-secret");
  expect(settings.findAccessKey("demo-key")).toBeUndefined();
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
