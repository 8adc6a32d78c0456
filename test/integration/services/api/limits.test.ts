// Limits of the operator's over HTTP, on a real broker, registry and Redis.
import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { readEnv } from "#libs/config/read-env.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { api } from "#services/api/service.ts";
import { apiCaller } from "#test/support/api-caller.ts";
import { demoEnv } from "#test/support/demo-env.ts";

const log = createLog("api", "fatal", { write: () => undefined });
const resources = new AsyncDisposableStack();
const onFatal = (error: unknown) => expect.fail(String(error));
let base: string;

beforeAll(async () => {
  const env = { ...process.env, ...demoEnv, API_PORT: String(await freePort()) };
  const config = readEnv(env, (read) => api.readConfig(read));
  const { registryUrl, kafka } = config;
  await migrate({ brokers: kafka.brokers, registryUrl, sizes: defaultTopicSizes });
  resources.use(await api.start(config, { log, onFatal }));
  base = `http://127.0.0.1:${env.API_PORT}`;
});

afterAll(() => resources.disposeAsync());

const call = apiCaller(() => base);

/** An account with a channel for SMS, and a key of it that may do all that its own keys may. */
async function newAccount() {
  const accountId = `t-${randomUUID()}`.slice(0, 30);
  const path = `/ft/v1/accounts/${accountId}`;
  await call("PUT", path, { body: { name: "Acme" } });
  await call("PUT", `${path}/channels/sms`, { body: { senders: ["ACME"] } });
  const made = await call("POST", `${path}/api-keys`, { body: { scopes: ["send", "admin"] } });
  const { key } = Value.Parse(Type.Object({ key: Type.String() }), made.body);
  return { accountId, path, key };
}

const hello = { user: { msisdn: "+6591234567" }, type: "text", content: { text: "Hello" } };
const bySms = { ...hello, channels: [{ channel: "SMS" }] };
const messagesOf = (accountId: string) => `/api/v1/subaccounts/${accountId}/messages`;

describe("limits", () => {
  const limits = { countries: { allowed: ["GB"] } };

  it("are the operator's to set, and the account's admin's to see", async () => {
    const { accountId, key, path } = await newAccount();
    const own = { key, body: limits };
    expect(await call("PUT", `${path}/limits`, own)).toMatchObject({ status: 403 });
    expect(await call("GET", `${path}/limits`, { key })).toMatchObject({ status: 404 });
    const put = await call("PUT", `${path}/limits`, { body: limits });
    expect(put).toMatchObject({ status: 201, body: { ...limits, numberClasses: {}, senders: {} } });
    expect(await call("GET", `${path}/limits`, { key })).toMatchObject({
      status: 200,
      body: limits,
    });
    const headers = { "if-match": put.etag };
    const wider = { key, headers, body: { countries: {} } };
    expect(await call("PUT", `${path}/limits`, wider)).toMatchObject({ status: 403 });
    expect(await call("DELETE", `${path}/limits`, { key, headers })).toMatchObject({ status: 403 });
    expect(await call("PUT", "/ft/v1/limits", own)).toMatchObject({ status: 403 });
    const sent = await call("POST", messagesOf(accountId), { key, body: bySms });
    expect(sent).toMatchObject({ status: 400, body: { code: 3003 } });
    const refused = async () => (await call("GET", `${path}/usage`, { key })).body.refused;
    await expect.poll(refused, { timeout: 10_000 }).toEqual({ "country-not-allowed": 1 });
    expect(await call("DELETE", `${path}/limits`, { headers })).toMatchObject({ status: 204 });
    const free = await call("POST", messagesOf(accountId), { key, body: bySms });
    expect(free).toMatchObject({ status: 200 });
  });

  it("of spending leave prices to the operator", async () => {
    const { key, path } = await newAccount();
    const price = { channel: "sms", perUnit: 450, currency: "EUR", chargedOn: "submit" };
    const own = { key, body: price };
    expect(await call("PUT", `${path}/prices/sms`, own)).toMatchObject({ status: 201 });
    await call("PUT", `${path}/limits`, { body: { daily: { spend: 1_000 } } });
    const headers = { "if-match": "*" };
    const free = { key, headers, body: { ...price, perUnit: 0 } };
    expect(await call("PUT", `${path}/prices/sms`, free)).toMatchObject({ status: 403 });
    const gone = await call("DELETE", `${path}/prices/sms`, { key, headers });
    expect(gone).toMatchObject({ status: 403 });
    const byOperator = { headers, body: { ...price, perUnit: 500 } };
    expect(await call("PUT", `${path}/prices/sms`, byOperator)).toMatchObject({ status: 200 });
  });
});

describe("connections of the operator", () => {
  const accessToken = "EAAJB-of-the-operator";
  const name = `t-${randomUUID()}`;
  const path = `/ft/v1/connections/${name}`;
  const credentials = { accessToken, appSecret: "app-secret-0", verifyToken: "verify-0" };
  const given = {
    provider: "whatsapp-cloud",
    options: { phoneNumberId: "106540352242922" },
    credentials,
  };

  it("are the operator's to see and to change; accounts are told which they may use", async () => {
    const [mine, other] = [await newAccount(), await newAccount()];
    const { accountId: account, key } = mine;
    const put = await call("PUT", path, { body: { ...given, accounts: [account] } });
    expect(put).toMatchObject({ status: 201, body: { id: name, accounts: [account] } });
    const list = `/ft/v1/accounts/${account}/operator-connections`;
    const seen = await call("GET", list, { key });
    const usable = { id: name, provider: "whatsapp-cloud", enabled: true, channels: ["whatsapp"] };
    expect(seen).toMatchObject({ status: 200, body: { items: [usable] } });
    for (const shown of [put, seen]) expect(JSON.stringify(shown)).not.toContain(accessToken);
    for (const hidden of ["receiptsPath", "phoneNumberId", "accounts"])
      expect(JSON.stringify(seen.body)).not.toContain(hidden);
    const { key: otherKey, accountId: otherId } = other;
    const none = await call("GET", `/ft/v1/accounts/${otherId}/operator-connections`, {
      key: otherKey,
    });
    expect(none.body).toEqual({ items: [] });
    const headers = { "if-match": put.etag };
    for (const [method, at, body] of [
      ["GET", "/ft/v1/connections"],
      ["GET", path],
      ["PUT", path, { ...given, accounts: [otherId] }],
      ["DELETE", path],
      ["POST", `${path}/test`, {}],
      ["POST", `${path}/dry-run`, {}],
    ] as const) {
      expect(await call(method, at, { key, headers, body })).toMatchObject({ status: 403 });
    }
    const own = { key, body: { ...given, accounts: [account] } };
    const ownPath = `/ft/v1/accounts/${account}/connections/mine`;
    expect(await call("PUT", ownPath, own)).toMatchObject({ status: 422 });
    const dry = await call("POST", `${path}/dry-run`, { body: {} });
    expect(dry).toMatchObject({ status: 200 });
    expect(JSON.stringify(dry.body)).not.toContain(accessToken);
    expect(await call("DELETE", path, { headers })).toMatchObject({ status: 204 });
    expect((await call("GET", list, { key })).body).toEqual({ items: [] });
  });
});
