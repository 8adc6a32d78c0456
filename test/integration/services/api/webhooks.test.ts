// Webhooks over HTTP in both dialects, on a real broker, registry and Redis.
import { randomUUID } from "node:crypto";
import { Type } from "typebox";
import { Value } from "typebox/value";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "#deploy/infrastructure/ports.ts";
import { readEnv } from "#libs/config/read-env.ts";
import { migrate } from "#libs/contracts/migrate.ts";
import { defaultTopicSizes } from "#libs/contracts/topics.ts";
import { connectRedis } from "#libs/redis/connect-redis.ts";
import { createLog } from "#libs/telemetry/log.ts";
import { callbackLane, hookLane, shardOfAccount } from "#libs/webhook-queue/keys.ts";
import { connectWebhookQueue, type WebhookQueue } from "#libs/webhook-queue/webhook-queue.ts";
import { api } from "#services/api/service.ts";
import { apiCaller } from "#test/support/api-caller.ts";
import { demoEnv } from "#test/support/demo-env.ts";
import { openOtherStores } from "#test/support/open-shards.ts";

const log = createLog("api", "error");
const onFatal = (error: unknown) => expect.fail(String(error));
const resources = new AsyncDisposableStack();
let base: string;
let queue: WebhookQueue;

beforeAll(async () => {
  const env = { ...process.env, ...demoEnv, API_PORT: String(await freePort()) };
  const config = readEnv(env, (read) => api.readConfig(read));
  const { registryUrl, kafka, redisUrl } = config;
  await migrate({ brokers: kafka.brokers, registryUrl, sizes: defaultTopicSizes });
  resources.use(await api.start(config, { log, onFatal }));
  const redis = resources.use(await connectRedis({ url: redisUrl, log }));
  await openOtherStores(redis);
  queue = await connectWebhookQueue(redis);
  base = `http://127.0.0.1:${env.API_PORT}`;
});
afterAll(() => resources.disposeAsync());

const call = apiCaller(() => base);

const Account = Type.Object({ guid: Type.String() });
const Key = Type.Object({ key: Type.String() });

async function newAccount(scopes = ["send", "read"]) {
  const accountId = `t-${randomUUID()}`.slice(0, 30);
  const path = `/ft/v1/accounts/${accountId}`;
  const account = await call("PUT", path, { body: { name: "Acme" } });
  const made = await call("POST", `${path}/api-keys`, { body: { scopes } });
  const { guid } = Value.Parse(Account, account.body);
  const { key } = Value.Parse(Key, made.body);
  return { accountId, path, key, eightByEight: `/api/v1/accounts/${guid}/webhooks` };
}

const url = "https://acme.example/hook?a=b";
const SECRET = /^whsec_[A-Za-z0-9+/]{43}=$/;

describe("a webhook of the native API", () => {
  it("is put, and shows its secret once and its authorization never", async () => {
    const { path } = await newAccount();
    const body = { url, authorization: "Bearer hush-hush", label: "Shop" };
    const made = await call("PUT", `${path}/webhooks/shop`, { body });
    expect(made).toMatchObject({
      status: 201,
      body: { id: "shop", url, enabled: true, format: "native", hasAuthorization: true },
    });
    expect(made.body.secret).toMatch(SECRET);
    const read = await call("GET", `${path}/webhooks/shop`);
    const list = await call("GET", `${path}/webhooks`);
    expect(list.body.items).toEqual([read.body]);
    for (const { text } of [made, read, list]) expect(text).not.toMatch(/hush|sealed/i);
    expect(read.text).not.toMatch(/whsec_/);
  });

  it("keeps its secret and authorization when it is put again, as it was read", async () => {
    const { path } = await newAccount();
    const at = `${path}/webhooks/shop`;
    await call("PUT", at, { body: { url, authorization: "Bearer x" } });
    const read = await call("GET", at);
    const again = await call("PUT", at, {
      body: { ...read.body, enabled: false },
      headers: { "if-match": read.etag },
    });
    expect(again).toMatchObject({ status: 200, body: { enabled: false, hasAuthorization: true } });
    expect(again.body).not.toHaveProperty("secret");
    const without = { body: { url, authorization: null }, headers: { "if-match": again.etag } };
    expect((await call("PUT", at, without)).body).toMatchObject({ hasAuthorization: false });
  });

  it("is shown with what its endpoint has not taken, and can be put back like that", async () => {
    const { accountId, path } = await newAccount();
    const at = `${path}/webhooks/shop`;
    await call("PUT", at, { body: { url } });
    const none = { waitingCount: 0, givenUpCount: 0 };
    expect((await call("GET", at)).body.delivery).toEqual(none);
    const lane = hookLane(accountId, "shop");
    await queue.enqueue({ lane, messageId: "m-1", notes: [note("n-1")] });
    await queue.dead.bury(lane, note("n-2"), "It answered 410: gone for good.");
    const { claimed } = await queue.claimDue(shardOfAccount(accountId), {
      leaseMs: 60_000,
      flightMax: 1,
      roomOf: (each) => (each === accountId ? 1 : 0),
    });
    const fault = { at: Date.UTC(2026, 10, 1, 9, 30), reason: "It answered 503." };
    await queue.settle(claimed[0]!, { delayMs: 60_000, fault });
    const since = "2026-11-01T09:30:00.000Z";
    const failing = { since, lastAt: since, reason: "It answered 503." };
    const read = await call("GET", at);
    expect(read.body.delivery).toEqual({ waitingCount: 1, givenUpCount: 1, failing });
    expect((await call("GET", `${path}/webhooks`)).body.items).toEqual([read.body]);
    const again = { body: read.body, headers: { "if-match": read.etag } };
    expect((await call("PUT", at, again)).status).toBe(200);
  });

  it("gets another secret when asked, and goes when it is deleted", async () => {
    const { path } = await newAccount();
    const at = `${path}/webhooks/shop`;
    const made = await call("PUT", at, { body: { url } });
    const rotated = await call("POST", `${at}/rotate-secret`);
    expect(rotated.status).toBe(200);
    expect(rotated.body.secret).toMatch(SECRET);
    expect(rotated.body.secret).not.toBe(made.body.secret);
    const gone = await call("DELETE", at, { headers: { "if-match": rotated.etag } });
    expect(gone.status).toBe(204);
    expect((await call("POST", `${at}/rotate-secret`)).status).toBe(404);
  });

  it.each([
    { url: "ftp://acme.example" },
    { url: "https://user:pass@acme.example" },
    { url: "https://" },
    { url: "https://[::1" },
    { url, authorization: "a\r\nb: c" },
    { url, sealedSecret: "v1.mine" },
  ])("is refused: %j", async (body) => {
    const answer = await call("PUT", "/ft/v1/accounts/demo/webhooks/bad", { body });
    expect(answer).toMatchObject({ status: 422, body: { code: "invalid" } });
  });

  it("is no business of a key without the scope admin", async () => {
    const { path, key } = await newAccount();
    expect((await call("GET", `${path}/webhooks`, { key })).status).toBe(403);
    expect((await call("GET", `${path}/callback-secret`, { key })).status).toBe(403);
    expect((await call("GET", `${path}/webhook-failures`, { key })).status).toBe(403);
  });
});

it("shows the account's own secret of callback URLs to its admin", async () => {
  const [one, other] = [await newAccount(), await newAccount()];
  const read = await call("GET", `${one.path}/callback-secret`);
  expect(read.body.secret).toMatch(SECRET);
  expect((await call("GET", `${one.path}/callback-secret`)).body).toEqual(read.body);
  expect((await call("GET", `${other.path}/callback-secret`)).body).not.toEqual(read.body);
});

describe("8x8's webhooks", () => {
  const hook = { subAccountId: "*", url, enabled: true, type: "CADR" };
  const oauth = { url: "https://login.example/token", clientId: "shop", clientSecret: "hush-hush" };

  it("take OAuth's credentials and show them without the secret", async () => {
    const { eightByEight: at, key, path } = await newAccount();
    const given = { ...oauth, credentialsLocation: "body", scope: "hooks" };
    expect(await call("POST", at, { key, body: [{ ...hook, oauth: given }] })).toMatchObject({
      status: 200,
    });
    const [listed, native] = [
      await call("GET", at, { key }),
      await call("GET", `${path}/webhooks`),
    ];
    expect(listed.body).toEqual([{ ...hook, oauth: { ...given, clientSecret: "***" } }]);
    expect(native.body.items).toMatchObject([{ url, hasAuthorization: true }]);
    expect(listed.text + native.text).not.toMatch(/hush/);
    expect(native.text).not.toMatch(/shop|oauth/i);
  });

  it("show that an authorization is set, and never which", async () => {
    const { eightByEight: at, key } = await newAccount();
    const body = [{ ...hook, httpAuthorization: "Basic aHVzaA==" }];
    const made = await call("POST", at, { key, body });
    const listed = await call("GET", at, { key });
    for (const { body: webhooks } of [made, listed]) {
      expect(webhooks).toEqual([{ ...hook, httpAuthorization: "***" }]);
    }
    await call("POST", at, { key, body: [hook] });
    expect((await call("GET", at, { key })).body).toEqual([hook]);
  });

  it("are replaced by another URL for their scope and type", async () => {
    const { eightByEight: at, key, accountId } = await newAccount();
    const own = { ...hook, subAccountId: accountId };
    const [moved, msg] = ["https://acme.example/moved", "https://acme.example/msg"];
    await call("POST", at, { key, body: [hook, own, { ...hook, type: "MSG", url: msg }] });
    await call("POST", at, { key, body: [{ ...own, url: moved, enabled: false }] });
    const listed = await call("GET", at, { key });
    expect(listed.body).toHaveLength(3);
    expect(listed.body).toEqual(
      expect.arrayContaining([
        hook,
        { ...own, url: moved, enabled: false },
        { ...hook, type: "MSG", url: msg },
      ]),
    );
  });

  it("are those of receipts and of messages where no type is named", async () => {
    const { eightByEight: at, key, accountId } = await newAccount();
    const { type: _, ...untyped } = { ...hook, subAccountId: accountId };
    const business = { ...untyped, type: "CABM" };
    await call("POST", at, { key, body: [untyped, business] });
    const listed = await call("GET", at, { key });
    const types = new Set(listed.body.map(({ type }: { type: string }) => type));
    expect(types).toEqual(new Set(["CADR", "MSG", "CABM"]));
    const body = [{ subAccountId: accountId }];
    expect(await call("DELETE", at, { key, body })).toMatchObject({ status: 200 });
    expect((await call("GET", at, { key })).body).toEqual([business]);
  });

  it("go by their own scope: * is no wildcard", async () => {
    const { eightByEight: at, key, accountId } = await newAccount();
    const own = { ...hook, subAccountId: accountId };
    await call("POST", at, { key, body: [own, hook] });
    expect((await call("DELETE", at, { key, body: [{ subAccountId: "*" }] })).status).toBe(200);
    expect((await call("GET", at, { key })).body).toEqual([own]);
    expect(await call("DELETE", at, { key, body: [{ subAccountId: "*" }] })).toMatchObject({
      status: 404,
      body: { code: 1300 },
    });
  });

  it.each([
    { body: {}, code: 1000 },
    { body: [], code: 1000 },
    { body: [{ ...hook, url: "acme" }], code: 1000 },
    { body: [{ ...hook, type: "SMS" }], code: 1000 },
    { body: [{ ...hook, subAccountId: "other" }], code: 1001 },
    { body: [{ url }], code: 1001 },
    { body: [hook, { ...hook, oauth: { url } }], code: 1000 },
    { body: [{ ...hook, oauth, httpAuthorization: "Basic eDp5" }], code: 1000 },
    { body: [{ ...hook, oauth: { ...oauth, credentialsLocation: "query" } }], code: 1000 },
  ])("are refused with $code: $body", async ({ body, code }) => {
    const { eightByEight: at, key } = await newAccount();
    expect((await call("POST", at, { key, body })).body).toMatchObject({ code });
    expect((await call("GET", at, { key })).body).toEqual([]);
  });

  it("are no other account's, and not made by a key that may not read", async () => {
    const [one, other, sender] = [
      await newAccount(),
      await newAccount(),
      await newAccount(["send"]),
    ];
    const foreign = await call("GET", one.eightByEight, { key: other.key });
    expect(foreign).toMatchObject({ status: 403, body: { code: 1201 } });
    const made = await call("POST", sender.eightByEight, { key: sender.key, body: [hook] });
    expect(made).toMatchObject({ status: 403, body: { code: 1201 } });
    expect((await call("GET", one.eightByEight, { key: "nobody" })).status).toBe(401);
  });
});

describe("notifications that were given up", () => {
  it("are listed newest first, in pages, and replayed one by one or all", async () => {
    const { accountId, path } = await newAccount();
    const lane = callbackLane(accountId, url);
    for (const id of ["n-1", "n-2", "n-3"]) await queue.dead.bury(lane, note(id), `${id} failed.`);
    const at = `${path}/webhook-failures`;
    const first = await call("GET", `${at}?limit=2`);
    expect(first.body.nextCursor).toBe("2");
    const second = await call("GET", `${at}?limit=2&cursor=2`);
    const items = [...first.body.items, ...second.body.items];
    const reasons = items.map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(["n-1 failed.", "n-2 failed.", "n-3 failed."]));
    expect(items).toHaveLength(3);
    expect(items[0]).toMatchObject({ messageId: "m-1", url, type: "message.ended", body: "{}" });
    const one = `${at}/${items[0].id}/replay`;
    expect(await call("POST", one)).toMatchObject({ status: 200, body: { id: items[0].id } });
    expect((await call("POST", one)).status).toBe(404);
    const all = await call("POST", `${at}/replay-all`);
    expect(all.body).toEqual({ replayedCount: 2, remainingCount: 0 });
    expect((await call("GET", at)).body).toEqual({ items: [] });
  });

  it("have pages of 1 to 200", async () => {
    const answer = await call("GET", "/ft/v1/accounts/demo/webhook-failures?limit=0");
    expect(answer).toMatchObject({ status: 400, body: { code: "bad-request" } });
  });
});

function note(id: string) {
  const told = { id, messageId: "m-1", hook: null, url, type: "message.ended", body: "{}" };
  return { ...told, queuedAt: Date.now() };
}
