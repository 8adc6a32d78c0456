// An application of Vonage's: a key of the account whose private half signs tokens.
import { generateKeyPairSync, randomUUID, sign } from "node:crypto";
import { newApiKey } from "#libs/settings/api-keys.ts";
import { withBody } from "#libs/settings/setting.ts";

export type Application = { id: string; privateKey: string; publicKey: string };

export function newApplication(): Application {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", {
    modulusLength: 2_048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  return { id: randomUUID(), privateKey, publicKey };
}

/** The setting by which account `demo` knows the application. */
export function applicationSetting({ id, publicKey }: Application, more: object = {}) {
  const { body } = newApiKey({ scopes: ["send"], publicKey }, 0);
  const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
  return withBody({ ...stamp, kind: "api-key", name: id }, { ...body, ...more });
}

type Making = { header?: object; claims?: object; privateKey?: string };

/** A token as Vonage's clients make it, but for what is given. */
export function tokenOf(application: Application, given: Making = {}): string {
  const now = Math.floor(Date.now() / 1_000);
  const claims = { application_id: application.id, iat: now, exp: now + 900, jti: randomUUID() };
  const parts = [
    { alg: "RS256", typ: "JWT", ...given.header },
    { ...claims, ...given.claims },
  ];
  const text = parts.map((part) => Buffer.from(JSON.stringify(part)).toString("base64url"));
  const signed = text.join(".");
  const key = given.privateKey ?? application.privateKey;
  return `${signed}.${sign("RSA-SHA256", Buffer.from(signed), key).toString("base64url")}`;
}
