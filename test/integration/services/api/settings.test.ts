// The settings over HTTP, on a real broker, registry and Redis.
import { randomBytes, randomUUID } from "node:crypto";
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

const logged: string[] = [];
const log = createLog("api", "warn", { write: (line) => void logged.push(line) });
const resources = new AsyncDisposableStack();
const onFatal = (error: unknown) => expect.fail(String(error));
let base: string;

beforeAll(async () => {
  const config = readEnv({ ...process.env, ...demoEnv }, (read) => api.readConfig(read));
  const { registryUrl, kafka } = config;
  await migrate({ brokers: kafka.brokers, registryUrl, sizes: defaultTopicSizes });
  base = await startApi({});
});

afterAll(() => resources.disposeAsync());

async function startApi(more: Readonly<Record<string, string>>): Promise<string> {
  const env = { ...process.env, ...demoEnv, API_PORT: String(await freePort()), ...more };
  const config = readEnv(env, (read) => api.readConfig(read));
  resources.use(await api.start(config, { log, onFatal }));
  return `http://127.0.0.1:${env.API_PORT}`;
}

const call = apiCaller(() => base);

/** Makes an account with a channel for SMS and a key of these scopes. */
async function newAccount(scopes: string[] = ["send", "read"]) {
  const accountId = `t-${randomUUID()}`.slice(0, 30);
  const path = `/ft/v1/accounts/${accountId}`;
  const account = await call("PUT", path, { body: { name: "Acme" } });
  expect(account).toMatchObject({ status: 201, body: { id: accountId, name: "Acme" } });
  await call("PUT", `${path}/channels/sms`, { body: { senders: ["ACME"] } });
  const made = await call("POST", `${path}/api-keys`, { body: { scopes, label: "first" } });
  expect(made.status).toBe(201);
  const { key, id: keyId } = Value.Parse(
    Type.Object({ key: Type.String(), id: Type.String() }),
    made.body,
  );
  return { accountId, path, key, keyId, etag: account.etag };
}

const hello = { user: { msisdn: "+6591234567" }, type: "text", content: { text: "Hello" } };
const bySms = { ...hello, channels: [{ channel: "SMS" }] };
const messagesOf = (accountId: string) => `/api/v1/subaccounts/${accountId}/messages`;

describe("an account", () => {
  it("sends with its own key, and with no other account's", async () => {
    const { accountId, key } = await newAccount();
    const own = await call("POST", messagesOf(accountId), { key, body: bySms });
    expect(own).toMatchObject({ status: 200, body: { umid: expect.any(String) } });
    const other = await call("POST", messagesOf("demo"), { key, body: bySms });
    expect(other).toMatchObject({ status: 403, body: { code: 1201 } });
  });

  it("has a GUID that it keeps", async () => {
    const { path, etag } = await newAccount();
    const { body } = await call("GET", path);
    expect(body.guid).toMatch(/^[0-9a-f-]{36}$/);
    const headers = { "if-match": etag };
    const changed = await call("PUT", path, { headers, body: { name: "Acme & Sons" } });
    expect(changed).toMatchObject({ status: 200, body: { name: "Acme & Sons", guid: body.guid } });
  });

  it("has only the channels and senders that it configured", async () => {
    const { accountId, key, path } = await newAccount();
    const send = (channels: unknown[], sms = {}) =>
      call("POST", messagesOf(accountId), {
        key,
        body: { ...hello, content: { text: "Hello", sms }, channels },
      });
    expect((await send([{ channel: "Viber" }])).body.code).toBe(3027);
    expect((await send([{ channel: "SMS", channelId: "OTHER" }])).body.code).toBe(3051);
    expect((await send([{ channel: "SMS", channelId: "ACME" }])).status).toBe(200);
    expect((await send([{ channel: "SMS" }], { source: "ANY" })).status).toBe(200);
    await call("PUT", `${path}/sms-senders/ACME-SG`, { body: {} });
    expect((await send([{ channel: "SMS" }], { source: "ANY" })).body.code).toBe(3027);
    expect((await send([{ channel: "SMS" }], { source: "ACME-SG" })).status).toBe(200);
  });

  it("sends by its default flow, once it has one", async () => {
    const { accountId, key, path, etag } = await newAccount();
    const send = () => call("POST", messagesOf(accountId), { key, body: hello });
    expect((await send()).body.code).toBe(3022);
    const draft = await call("PUT", `${path}/flows/welcome`, {
      body: { steps: [{ channel: "sms" }] },
    });
    const headers = { "if-match": etag };
    const account = { body: { name: "Acme", defaultFlow: "welcome" }, headers };
    expect((await call("PUT", path, account)).body.code).toBe("unknown-reference");
    const published = await call("POST", `${path}/flows/welcome/publish`, {
      headers: { "if-match": draft.etag },
    });
    expect(published).toMatchObject({ status: 200, body: { published: 1 } });
    expect((await call("PUT", path, account)).status).toBe(200);
    expect((await send()).status).toBe(200);
    const unpublished = await call("POST", `${path}/flows/welcome/unpublish`, {
      headers: { "if-match": published.etag },
    });
    expect(unpublished).toMatchObject({ status: 409, body: { code: "in-use" } });
    expect(unpublished.body.usedBy).toEqual([`account/${accountId}`]);
  });
});

describe("a key", () => {
  it("is shown once, and kept as a hash that nobody sees", async () => {
    const { path, key } = await newAccount();
    const { body } = await call("GET", `${path}/api-keys`);
    expect(body.items).toMatchObject([{ label: "first", scopes: ["send", "read"] }]);
    expect(JSON.stringify(body)).not.toMatch(new RegExp(`hash|${key}`));
  });

  it("is refused from the moment it is revoked", async () => {
    const { accountId, key, keyId, path } = await newAccount();
    const send = () => call("POST", messagesOf(accountId), { key, body: bySms });
    expect((await send()).status).toBe(200);
    expect((await call("POST", `${path}/api-keys/${keyId}/revoke`)).status).toBe(200);
    expect(await send()).toMatchObject({ status: 401, body: { code: 1200 } });
  });

  it("is good for its scopes and its account only", async () => {
    const { accountId, key, path } = await newAccount(["read"]);
    expect((await call("POST", messagesOf(accountId), { key, body: bySms })).status).toBe(403);
    expect((await call("GET", path, { key })).body.code).toBe("forbidden");
    const other = await newAccount(["admin"]);
    const own = await call("GET", `${other.path}/channels`, { key: other.key });
    expect(own.body.items).toMatchObject([{ id: "sms", senders: ["ACME"] }]);
    expect((await call("GET", path, { key: other.key })).body.code).toBe("forbidden");
    expect((await call("GET", "/ft/v1/accounts", { key: other.key })).body.code).toBe("forbidden");
    expect((await call("GET", "/ft/v1/admin-keys", { key: other.key })).status).toBe(403);
    expect((await call("GET", "/ft/v1/accounts", { key: "nonsense" })).status).toBe(401);
  });
});

describe("a change", () => {
  const channel = { senders: ["ACME"] };

  it("says which version it means", async () => {
    const { path } = await newAccount();
    const at = `${path}/channels/viber`;
    const made = await call("PUT", at, { body: channel });
    expect(made).toMatchObject({ status: 201, etag: `"${made.body.revision}"` });
    expect((await call("PUT", at, { body: channel })).status).toBe(428);
    expect((await call("DELETE", at)).status).toBe(428);
    const ifNew = { "if-none-match": "*" };
    expect((await call("PUT", at, { body: channel, headers: ifNew })).status).toBe(412);
    const headers = { "if-match": made.etag };
    expect((await call("PUT", at, { body: channel, headers })).status).toBe(200);
    expect((await call("PUT", at, { body: channel, headers })).status).toBe(412);
    const { etag } = await call("GET", at);
    expect((await call("DELETE", at, { headers: { "if-match": etag } })).status).toBe(204);
    expect((await call("GET", at)).status).toBe(404);
    expect((await call("DELETE", at)).status).toBe(404);
  });

  it("is taken from what was read, as it stands", async () => {
    const { path } = await newAccount();
    const { body, etag } = await call("GET", `${path}/channels/sms`);
    const headers = { "if-match": etag };
    expect((await call("PUT", `${path}/channels/sms`, { body, headers })).status).toBe(200);
  });

  it("of Alibaba's gets an id like theirs, also where many are made at once", async () => {
    const { path } = await newAccount();
    const rule = { name: "SMS", type: "SMS", sendId: "ACME" };
    const made = await call("POST", `${path}/fallback-rules`, { body: rule });
    expect(made).toMatchObject({ status: 201, body: { id: "R_000001", ...rule } });
    const policy = { name: "Whatever fails", rule: "R_000001" };
    const all = await Promise.all(
      Array.from({ length: 4 }, () => call("POST", `${path}/fallback-policies`, { body: policy })),
    );
    expect(all.map(({ body }) => String(Object(body).id)).toSorted()).toEqual([
      "S_000001",
      "S_000002",
      "S_000003",
      "S_000004",
    ]);
    const headers = { "if-match": "*" };
    expect((await call("DELETE", `${path}/fallback-policies/S_000002`, { headers })).status).toBe(
      204,
    );
    const next = await call("POST", `${path}/fallback-policies`, { body: policy });
    expect(next.body).toMatchObject({ id: "S_000005" });
    const unknown = { ...policy, rule: "R_000002" };
    expect((await call("POST", `${path}/fallback-policies`, { body: unknown })).status).toBe(422);
  });

  it("of a key that signs shows its secret once, and nothing of it later", async () => {
    const { path } = await newAccount();
    const given = { scopes: ["send"], accessKey: true };
    const made = await call("POST", `${path}/api-keys`, { body: given });
    const { id, accessKeySecret } = Object(made.body);
    expect([made.status, typeof accessKeySecret]).toEqual([201, "string"]);
    const shown = await call("GET", `${path}/api-keys/${id}`);
    expect(Object.keys(Object(shown.body))).not.toContain("sealedSecret");
    expect(JSON.stringify(shown.body)).not.toContain(accessKeySecret);
    const ordinary = await call("POST", `${path}/api-keys`, { body: { scopes: ["send"] } });
    expect(Object.keys(Object(ordinary.body))).not.toContain("accessKeySecret");
  });

  it("that would take what others need is refused, and names them", async () => {
    const { path } = await newAccount();
    await call("PUT", `${path}/fallback-rules/r1`, { body: { name: "SMS", sendId: "ACME" } });
    await call("PUT", `${path}/fallback-policies/p1`, { body: { name: "P", rule: "r1" } });
    const headers = { "if-match": "*" };
    expect(await call("DELETE", `${path}/fallback-rules/r1`, { headers })).toMatchObject({
      status: 409,
      body: { code: "in-use", usedBy: ["fallback-policy/p1"] },
    });
    expect((await call("DELETE", path, { headers })).status).toBe(409);
  });

  it.each([
    ["an unknown channel", "/channels/pigeon", channel, 422],
    ["a body without senders", "/channels/rcs", {}, 422],
    ["an impossible name", "/flows/a%2Fb", { steps: [{ channel: "sms" }] }, 400],
    ["a flow on a foreign channel", "/flows/f", { steps: [{ channel: "viber" }] }, 422],
    [
      "a template under another name",
      "/templates/x.en",
      { name: "order", language: "en", category: "utility" },
      422,
    ],
  ])("is refused for %s", async (_, collection, body, status) => {
    const { path } = await newAccount();
    const answer = await call("PUT", path + collection, { body });
    expect(answer.status).toBe(status);
    expect(answer.body.detail).toEqual(expect.any(String));
  });

  it.each(["_otp", "n".repeat(512)])(
    "lists a template of any name that Meta takes: %s",
    async (name) => {
      const { path } = await newAccount();
      const body = { name, language: "en", category: "utility" };
      expect((await call("PUT", `${path}/templates/${name}.en`, { body })).status).toBe(201);
      const { body: listed } = await call("GET", `${path}/templates`);
      expect(JSON.stringify(listed)).toContain(`"${name}"`);
    },
  );

  it("below an account that is not there answers 404", async () => {
    const at = `/ft/v1/accounts/nobody-${randomUUID().slice(0, 8)}/channels/sms`;
    expect((await call("PUT", at, { body: channel })).status).toBe(404);
    expect((await call("PUT", "/ft/v1/accounts/*/channels/sms", { body: channel })).status).toBe(
      404,
    );
  });

  it("is seen by another process", async () => {
    const at = await startApi({});
    const { accountId, key } = await newAccount();
    const send = async () =>
      (await call("POST", messagesOf(accountId), { at, key, body: bySms })).status;
    await expect.poll(send).toBe(200);
  });
});

describe("the embedded keys", () => {
  const unasked = { DEMO_KEYS: "off" };
  const ownKey = randomBytes(24).toString("base64url");

  it("are the public ones only where DEMO_KEYS asks for them, whatever the stage is called", async () => {
    const at = await startApi({ ...unasked, NODE_ENV: "staging", ADMIN_KEY: ownKey });
    for (const key of ["demo-key", "demo-admin-key"]) {
      expect((await call("GET", "/ft/v1/accounts", { at, key })).status).toBe(401);
      expect((await call("POST", messagesOf("demo"), { at, key, body: bySms })).status).toBe(401);
    }
    expect((await call("GET", "/ft/v1/accounts", { at, key: ownKey })).status).toBe(200);
  });

  it("are one's own in production", async () => {
    const at = await startApi({ ...unasked, NODE_ENV: "production", API_KEY: ownKey });
    expect((await call("GET", "/ft/v1/accounts", { at })).status).toBe(401);
    const body = { ...hello, channels: [{ channel: "SMS" }] };
    const sent = await call("POST", messagesOf("demo"), { at, key: ownKey, body });
    expect(sent.status).toBe(200);
  });
});
