import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConfigError, readEnv } from "#libs/config/read-env.ts";
import { openSealed, seal } from "#libs/webhooks/sealing.ts";
import { readSecretsKey } from "#libs/webhooks/secrets-key.ts";
import {
  callbackSecret,
  makeSecret,
  rotateSecret,
  signingSecrets,
} from "#libs/webhooks/webhook-secrets.ts";

const HOUR_MS = 3_600_000;
const sealing = { secretsKey: randomBytes(32), accountId: "acme" };

describe("a sealed secret", () => {
  it("opens with the same key for the same account", () => {
    expect(openSealed(seal("Bearer ünïque", sealing), sealing)).toBe("Bearer ünïque");
  });

  it("is another text every time, and shows nothing", () => {
    expect(seal("hush", sealing)).not.toBe(seal("hush", sealing));
    expect(Buffer.from(seal("hush", sealing).slice(3), "base64url").includes("hush")).toBe(false);
  });

  it("stays shut with another key, for another account, changed or cut", () => {
    const sealed = seal("hush", sealing);
    const changed = sealed.slice(0, -2) + (sealed.endsWith("AA") ? "BB" : "AA");
    expect(openSealed(sealed, { ...sealing, secretsKey: randomBytes(32) })).toBeUndefined();
    expect(openSealed(sealed, { ...sealing, accountId: "other" })).toBeUndefined();
    expect(openSealed(changed, sealing)).toBeUndefined();
    expect(openSealed(sealed.slice(0, 20), sealing)).toBeUndefined();
    expect(openSealed("hush", sealing)).toBeUndefined();
  });
});

describe("the secrets of a webhook", () => {
  const made = makeSecret(sealing, 0);
  const webhook = {
    ...made.stored,
    url: "https://acme.example",
    enabled: true,
    createdAt: "2026-11-21T00:00:00Z",
    format: "native" as const,
    type: "CADR" as const,
  };
  const rotated = rotateSecret(webhook, sealing, 10 * HOUR_MS);

  it("are one, until another is made", () => {
    expect(signingSecrets(webhook, sealing, 5 * HOUR_MS)).toEqual([made.secret]);
  });

  it("are both for a day after that", () => {
    const both = [rotated.secret, made.secret];
    expect(signingSecrets(rotated.webhook, sealing, 33 * HOUR_MS)).toEqual(both);
    expect(signingSecrets(rotated.webhook, sealing, 34 * HOUR_MS)).toEqual([rotated.secret]);
  });
});

it("gives each account a secret of its own for callback URLs", () => {
  expect(callbackSecret(sealing)).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(callbackSecret(sealing)).toBe(callbackSecret({ ...sealing }));
  expect(callbackSecret(sealing)).not.toBe(callbackSecret({ ...sealing, accountId: "other" }));
});

describe("SECRETS_KEY", () => {
  const own = randomBytes(32).toString("base64");
  const publicKey = read({}).toString("base64");

  it("is the public one on loopback only, outside production", () => {
    expect(() => read({}, "0.0.0.0")).toThrow("SECRETS_KEY is missing");
    expect(() => read({ NODE_ENV: "production" })).toThrow("SECRETS_KEY is missing");
    expect(() => read({ SECRETS_KEY: publicKey }, "0.0.0.0")).toThrow("the whole world knows");
    expect(read({ SECRETS_KEY: own }, "0.0.0.0").toString("base64")).toBe(own);
  });

  it("has 32 bytes", () => {
    expect(() => read({ SECRETS_KEY: "c2hvcnQ=" })).toThrow("must be 32 bytes in base64, not 5");
  });

  it("is told of together with every other fault", () => {
    expect(readBoth).toThrow(ConfigError);
    expect(readBoth).toThrow(/SECRETS_KEY is missing.*\n.*REDIS_URL is missing/);
  });
});

function read(env: Record<string, string>, host = "127.0.0.1"): Buffer {
  return readEnv(env, (reader) => readSecretsKey(reader, host));
}

function readBoth(): void {
  readEnv({ NODE_ENV: "production" }, (reader) => {
    readSecretsKey(reader, "127.0.0.1");
    return reader.url("REDIS_URL");
  });
}
