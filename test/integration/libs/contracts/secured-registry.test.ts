// The real registry behind TLS and logins, and what a wrong setting is told.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readRegistry } from "#libs/config/connections.ts";
import { ConfigError, readEnv } from "#libs/config/read-env.ts";
import { connectContracts, registerSchemas } from "#libs/contracts/registry.ts";
import { registryClient } from "#libs/contracts/registry-client.ts";
import { RetriableError } from "#libs/errors.ts";
import { newAuthority } from "#test/support/certificates.ts";
import {
  basic,
  type SecuredRegistry,
  startSecuredRegistry,
} from "#test/support/secured-registry.ts";

type ErrorClass = typeof ConfigError | typeof RetriableError;

const secret = () => randomBytes(12).toString("hex");
const [password, token] = [secret(), secret()];
const logins = {
  [basic("migrate", password)]: "write",
  [basic("reader", password)]: "read",
  [`Bearer ${token}`]: "read",
} as const;
const opened = new AsyncDisposableStack();
let registry: SecuredRegistry;
let mutual: SecuredRegistry;

beforeAll(async () => {
  registry = opened.use(await startSecuredRegistry({ logins }));
  mutual = opened.use(await startSecuredRegistry({ logins, wantsCertificate: true }));
  await registerSchemas(at(as("migrate")));
});
afterAll(() => opened.disposeAsync());

const as = (username: string, its = password) => ({
  SCHEMA_REGISTRY_USERNAME: username,
  SCHEMA_REGISTRY_PASSWORD: its,
});

function at(env: Record<string, string>, door = registry) {
  const where = { SCHEMA_REGISTRY_URL: door.url, SCHEMA_REGISTRY_TLS_CA: door.authority.ca };
  return readEnv({ ...where, ...env }, readRegistry);
}

async function failureOf(trying: Promise<unknown>, kind: ErrorClass = ConfigError) {
  const failure = await trying.then(
    () => expect.fail("It is let in."),
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(kind);
  expect(String(failure)).not.toContain(password);
  expect(String(failure)).not.toContain(token);
  return String(failure);
}

it("is asked with a name and password, or with a token", async () => {
  const byName = await connectContracts(at(as("reader")));
  const byToken = await connectContracts(at({ SCHEMA_REGISTRY_TOKEN: token }));
  expect(Object.keys(byName)).toEqual(Object.keys(byToken));
});

it("is asked with a certificate where it wants one", async () => {
  const { cert, key } = mutual.authority.certify("fallthrough");
  const proof = { SCHEMA_REGISTRY_TLS_CERT: cert, SCHEMA_REGISTRY_TLS_KEY: key };
  await connectContracts(at({ ...as("reader"), ...proof }, mutual));
  await registerSchemas(at({ ...as("migrate"), ...proof }, mutual));
  expect(await failureOf(connectContracts(at(as("reader"), mutual)))).toMatch(/SCHEMA_REGISTRY_/);
});

it("names the login that is refused, and never takes that for a bad record's fault", async () => {
  const wrong = at(as("reader", `not-${password.slice(1)}`));
  expect(await failureOf(connectContracts(wrong))).toMatch(/SCHEMA_REGISTRY_USERNAME and/);
  expect(await failureOf(connectContracts(at({})))).toMatch(/SCHEMA_REGISTRY_USERNAME and/);
  const client = registryClient(wrong.registryUrl, wrong.registryAccess);
  expect(await failureOf(client.findSchema(1), RetriableError)).toMatch(
    /SCHEMA_REGISTRY_USERNAME and/,
  );
});

it("tells whoever may only read that it does not let them register", async () => {
  expect(await failureOf(registerSchemas(at(as("reader"))))).toMatch(/SCHEMA_REGISTRY_USERNAME/);
});

it("names the authority that is missing, or another", async () => {
  const stranger = { SCHEMA_REGISTRY_TLS_CA: newAuthority("stranger").ca };
  for (const wrong of [stranger, { SCHEMA_REGISTRY_TLS_CA: "" }]) {
    const env = at({ ...as("migrate"), ...wrong });
    expect(await failureOf(connectContracts(env))).toMatch(/SCHEMA_REGISTRY_TLS_CA/);
    expect(await failureOf(registerSchemas(env))).toMatch(/SCHEMA_REGISTRY_TLS_CA/);
  }
});
