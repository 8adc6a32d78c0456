// Limits of the operator's over HTTP, on a real broker, registry and Redis.
import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readEnv } from "#libs/config/read-env.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { api } from "#services/api/service.ts";
import { apiCaller } from "#test/support/api-caller.ts";
import { demoEnv } from "#test/support/demo-env.ts";
import { freePort } from "#test/support/free-port.ts";

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
