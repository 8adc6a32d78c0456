// A real Redis with TLS and ACL users, and what a wrong setting is told.
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { readRedis } from "#libs/config/connections.ts";
import { ConfigError, readEnv } from "#libs/config/read-env.ts";
import { RetriableError } from "#libs/errors.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { redisReply } from "#libs/redis/redis-fault.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { newAuthority } from "#test/support/certificates.ts";
import { type SecuredRedis, startSecuredRedis } from "#test/support/secured-redis.ts";

const log = createLog("test", "fatal");
const password = randomBytes(12).toString("hex");
const users = [
  `user ft on >${password} ~ft* ~{ft* +@all`,
  `user narrow on >${password} ~ft* +@all -get`,
];
const opened = new AsyncDisposableStack();
let server: SecuredRedis;
let mutual: SecuredRedis;

beforeAll(async () => {
  server = opened.use(await startSecuredRedis({ users }));
  mutual = opened.use(await startSecuredRedis({ users, wantsCertificate: true }));
});
afterAll(() => opened.disposeAsync());

const login = { REDIS_USERNAME: "ft", REDIS_PASSWORD: password };

async function connect(env: Record<string, string>) {
  const { redisUrl, redisAccess } = readEnv(env, readRedis);
  return opened.use(await connectRedis({ url: redisUrl, ...redisAccess, log }));
}

const failureOf = (env: Record<string, string>) =>
  connect(env).then(
    () => expect.fail("It connects."),
    (error: unknown) => error,
  );

it("lets in an ACL user over TLS, with the authority of the environment", async () => {
  const env = { REDIS_URL: server.url, REDIS_TLS_CA: server.authority.ca, ...login };
  const client = (await connect(env)).at("");
  expect(await client.set("ft:key", "value")).toBe("OK");
  await expect(client.set("other", "value")).rejects.toThrow(/NOPERM/);
});

it("lets in whoever has a certificate where Redis wants one", async () => {
  const { cert, key } = mutual.authority.certify("fallthrough");
  const env = { REDIS_URL: mutual.url, REDIS_TLS_CA: mutual.authority.ca, ...login };
  const known = await connect({ ...env, REDIS_TLS_CERT: cert, REDIS_TLS_KEY: key });
  expect(await known.at("").get("ft:nothing")).toBeNull();
});

it("waits for a right that is missing, in a script too: no record is at fault", async () => {
  const env = { REDIS_URL: server.url, REDIS_TLS_CA: server.authority.ca, ...login };
  const client = (await connect({ ...env, REDIS_USERNAME: "narrow" })).at("");
  const get = "return redis.call('GET', KEYS[1])";
  for (const reply of [client.get("ft:key"), client.eval(get, 1, "ft:key")]) {
    await expect(redisReply(reply)).rejects.toThrow(RetriableError);
  }
});

it("names the login that is refused, at once and without showing it", async () => {
  const env = { REDIS_URL: server.url, REDIS_TLS_CA: server.authority.ca };
  for (const wrong of [{ ...login, REDIS_PASSWORD: `not-${password}` }, {}]) {
    const failure = await failureOf({ ...env, ...wrong });
    expect(failure).toBeInstanceOf(ConfigError);
    expect(String(failure)).toMatch(/REDIS_USERNAME and REDIS_PASSWORD/);
    expect(String(failure)).not.toContain(password);
  }
});

it("names the authority that is missing, or another", async () => {
  const env = { REDIS_URL: server.url, ...login };
  for (const wrong of [{}, { REDIS_TLS_CA: newAuthority("stranger").ca }]) {
    expect(String(await failureOf({ ...env, ...wrong }))).toMatch(/REDIS_TLS_CA does not vouch/);
  }
});

it("names the certificate that Redis wants", async () => {
  const env = { REDIS_URL: mutual.url, REDIS_TLS_CA: mutual.authority.ca, ...login };
  expect(String(await failureOf(env))).toMatch(/REDIS_TLS_CERT/);
});
