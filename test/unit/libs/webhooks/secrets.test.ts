import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { ConfigError, readEnv } from "#libs/config/read-env.ts";
import { openSealed, seal } from "#libs/webhooks/sealing.ts";
import { readSecretsKeys } from "#libs/webhooks/secrets-key.ts";
import {
  callbackSecrets,
  makeSecret,
  rotateSecret,
  signingSecrets,
} from "#libs/webhooks/webhook-secrets.ts";

const HOUR_MS = 3_600_000;
const sealing = { secretsKeys: [randomBytes(32)] as const, accountId: "acme" };

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
    expect(openSealed(sealed, { ...sealing, secretsKeys: [randomBytes(32)] })).toBeUndefined();
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
  expect(callbackSecrets(sealing)[0]).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(callbackSecrets(sealing)).toEqual(callbackSecrets({ ...sealing }));
  const other = callbackSecrets({ ...sealing, accountId: "other" });
  expect(callbackSecrets(sealing)).not.toEqual(other);
});

describe("a key that follows another", () => {
  const newer = { ...sealing, secretsKeys: [randomBytes(32), ...sealing.secretsKeys] as const };

  it("seals, while both open", () => {
    expect(openSealed(seal("before", sealing), newer)).toBe("before");
    expect(openSealed(seal("after", newer), newer)).toBe("after");
    expect(openSealed(seal("after", newer), sealing)).toBeUndefined();
  });

  it("signs callbacks together with the one before", () => {
    expect(callbackSecrets(newer)).toEqual([expect.any(String), ...callbackSecrets(sealing)]);
  });

  it("is read with those that it follows", () => {
    const [a, b, c] = [1, 2, 3].map(() => randomBytes(32).toString("base64"));
    const env = { SECRETS_KEY: a!, SECRETS_KEYS_OLD: `${b}, ${c}` };
    expect(readEnv(env, readSecretsKeys).map((key) => key.toString("base64"))).toEqual([a, b, c]);
    const weak = {
      SECRETS_KEY: a!,
      SECRETS_KEYS_OLD: `${b},${Buffer.alloc(32).toString("base64")}`,
    };
    expect(() => readEnv(weak, readSecretsKeys)).toThrow(/SECRETS_KEYS_OLD: too regular/);
  });
});

describe("SECRETS_KEY", () => {
  const own = randomBytes(32).toString("base64");

  it("is asked for wherever there is none", () => {
    expect(() => read({})).toThrow("SECRETS_KEY is missing: make one with `openssl rand");
    expect(() => read({ DEMO_KEYS: "on" })).toThrow("SECRETS_KEY is missing");
    expect(read({ SECRETS_KEY: own }).toString("base64")).toBe(own);
    expect(read({ SECRETS_KEY: own.replace("=", "") }).toString("base64")).toBe(own);
  });

  it.each([
    ["short", randomBytes(31).toString("base64")],
    ["long", randomBytes(33).toString("base64")],
    ["hexadecimal", randomBytes(32).toString("hex")],
    ["of other characters", `${own.slice(0, 20)}?${own.slice(21)}`],
  ])("is refused when it is %s", (_what, key) => {
    expect(() => read({ SECRETS_KEY: key })).toThrow(
      "SECRETS_KEY: it must be 32 random bytes in base64",
    );
  });

  it.each([
    ["zeros", Buffer.alloc(32)],
    ["one byte again and again", Buffer.alloc(32, 0xab)],
    ["a few bytes again and again", Buffer.alloc(32, randomBytes(7))],
    ["a count", Buffer.from(Array.from({ length: 32 }, (_, index) => index))],
    ["a count downwards in steps", Buffer.from(Array.from({ length: 32 }, (_, i) => 255 - 3 * i))],
    ["words", Buffer.from("correct horse battery staple 123")],
    ["the one that earlier versions published", Buffer.from("fallthrough's public key, dev 01")],
  ])("is refused when it is no random key: %s", (_what, key) => {
    expect(() => read({ SECRETS_KEY: key.toString("base64") })).toThrow(/^.*\n {2}- SECRETS_KEY: /);
  });

  it("is told of together with every other fault", () => {
    expect(readBoth).toThrow(ConfigError);
    expect(readBoth).toThrow(/SECRETS_KEY is missing.*\n.*REDIS_URL is missing/);
  });
});

function read(env: Record<string, string>): Buffer {
  return readEnv(env, readSecretsKeys)[0];
}

function readBoth(): void {
  readEnv({}, (reader) => {
    readSecretsKeys(reader);
    return reader.url("REDIS_URL");
  });
}
