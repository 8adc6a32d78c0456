import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readInfrastructureConfig } from "#deploy/infrastructure/config.ts";
import { ownSecrets } from "#deploy/product/own-secrets.ts";
import { chooseDemoKeys } from "#deploy/product/product-demo-keys.ts";
import { readEnv } from "#libs/config/read-env.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";

const folder = mkdtempSync(join(tmpdir(), "fallthrough-own-"));
afterAll(() => rmSync(folder, { recursive: true }));

it("makes secrets of its own for each folder, once, for this user only", async () => {
  const path = join(folder, "a/secrets.json");
  const first = await ownSecrets(path, {});
  expect(readEnv(first, readSecretsKeys)[0]).toHaveLength(32);
  expect(await ownSecrets(path, {})).toEqual(first);
  expect(statSync(path).mode & 0o777).toBe(0o600);
  expect(await ownSecrets(join(folder, "b/secrets.json"), {})).not.toEqual(first);
});

it("leaves out what the environment gives", async () => {
  const path = join(folder, "c/secrets.json");
  expect(await ownSecrets(path, { SECRETS_KEY: "given" })).not.toHaveProperty("SECRETS_KEY");
  expect(await ownSecrets(path, { SECRETS_KEY_FILE: "/x" })).not.toHaveProperty("SECRETS_KEY");
});

const demoKeysOf = (env: Record<string, string>) =>
  chooseDemoKeys(readInfrastructureConfig(env), env);

it("takes the public keys for infrastructure of its own that only this machine reaches", () => {
  expect(demoKeysOf({})).toBe("on");
  for (const env of [
    { KAFKA_BROKERS: "kafka:9092" },
    { SCHEMA_REGISTRY_URL: "http://registry" },
    { REDIS_URL: "redis://redis" },
    { API_HOST: "0.0.0.0" },
    { NODE_ENV: "Production" },
    { DEMO_KEYS: "off" },
  ]) {
    expect(demoKeysOf(env)).toBe("off");
  }
  expect(demoKeysOf({ REDIS_URL: "redis://redis", DEMO_KEYS: "on" })).toBe("on");
});
