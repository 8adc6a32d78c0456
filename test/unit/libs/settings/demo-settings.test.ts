import { expect, it } from "vitest";
import { ConfigError, readEnv } from "#libs/config/read-env.ts";
import { demoSettings, readApiKey } from "#libs/settings/demo-settings.ts";

const keyFor = (env: Record<string, string>, host: string) =>
  readEnv(env, (read) => readApiKey(read, host));

it("knows the demo account by its id and by its key", () => {
  const settings = demoSettings("a-key");
  expect(settings.findAccount("demo")?.accountId).toBe("demo");
  expect(settings.findAccountByKey("a-key")?.accountId).toBe("demo");
  expect(settings.findAccountByKey("demo-key")).toBeUndefined();
  expect(settings.findAccount("other")).toBeUndefined();
});

it("takes the public demo key on loopback only, and never in production", () => {
  expect(keyFor({}, "127.0.0.1")).toBe("demo-key");
  expect(() => keyFor({}, "0.0.0.0")).toThrow(ConfigError);
  expect(() => keyFor({ NODE_ENV: "production" }, "127.0.0.1")).toThrow(/API_KEY is missing/);
  expect(keyFor({ API_KEY: "own", NODE_ENV: "production" }, "0.0.0.0")).toBe("own");
});
