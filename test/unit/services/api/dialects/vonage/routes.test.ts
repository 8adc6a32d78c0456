import { createHmac } from "node:crypto";
import type { InjectOptions } from "fastify";
import { describe, expect, it, onTestFinished, vi } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { newApiKey } from "#libs/settings/api-keys.ts";
import { withBody } from "#libs/settings/setting.ts";
import { startApiServer as start } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { applicationSetting, newApplication, tokenOf } from "#test/support/vonage-application.ts";

const basic = (user: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${key}`).toString("base64")}`,
});
const headers = basic("demo", "demo-key");
const payload = {
  message_type: "text",
  channel: "sms",
  to: "6591234567",
  from: "FALLTHRU",
  text: "Hello",
};
const send: InjectOptions = { method: "POST", url: "/v1/messages", headers, payload };

describe("Vonage: sending", () => {
  it("answers 202 with the message's UUID once it is accepted", async () => {
    const { request, accepted } = start();
    const answer = await request(send);
    expect([answer.statusCode, answer.json()]).toEqual([
      202,
      { message_uuid: accepted[0]?.request.messageId },
    ]);
    expect(answer.headers["content-type"]).toContain("application/json");
  });

  it("answers a failover with the workflow's id too", async () => {
    const whatsapp = { ...payload, channel: "whatsapp" };
    const answer = await start().request({
      ...send,
      payload: { ...whatsapp, failover: [payload] },
    });
    expect(answer.json()).toEqual({
      message_uuid: expect.any(String),
      workflow_id: expect.any(String),
    });
  });
});

const application = newApplication();
const settings = demoView(applicationSetting(application));
const withToken = (token: string) => ({ ...send, headers: { authorization: `Bearer ${token}` } });
const now = Math.floor(Date.now() / 1_000);

const unasked = { claim: () => Promise.reject(new Error("It was asked for.")) };
const away = { claim: () => Promise.reject(new RetriableError("Redis is away")) };

describe("Vonage: tokens", () => {
  it("lets in what an application has signed, and each token once", async () => {
    const claimed: unknown[] = [];
    const signatureNonces = {
      claim: async (use: object, seconds?: number) => claimed.push([use, seconds]) === 1,
    };
    const { request } = start({ settings, signatureNonces });
    const token = tokenOf(application, { claims: { jti: "only-once" } });
    expect((await request(withToken(token))).statusCode).toBe(202);
    expect((await request(withToken(token))).statusCode).toBe(401);
    expect(claimed[0]).toEqual([
      { signerId: application.id, nonce: "only-once" },
      expect.toSatisfy((seconds: number) => seconds >= 900 && seconds <= 961),
    ]);
  });

  it.each([
    ["every version's messages", { paths: { "/*/messages/**": {} } }, 202],
    ["the path itself", { paths: { "/v1/messages": { methods: ["POST"] } } }, 202],
    ["anything", { paths: { "/**": {} } }, 202],
    ["users alone", { paths: { "/*/users/**": {} } }, 403],
    ["what lies below", { paths: { "/v1/messages/*": {} } }, 403],
    ["reading", { paths: { "/v1/messages": { methods: ["GET"] } } }, 403],
    ["some recipients", { paths: { "/v1/messages": { filters: { to: "1" } } } }, 403],
    ["no method", { paths: { "/v1/messages": { methods: [{ toString: 1, valueOf: 1 }] } } }, 403],
    ["nothing", {}, 403],
    ["no object", "all", 403],
  ])("with an acl of %s are good for that alone", async (_, acl, status) => {
    const claimed: unknown[] = [];
    const signatureNonces = { claim: async (use: object) => claimed.push(use) > 0 };
    const { request } = start({ settings, signatureNonces });
    const answer = await request(withToken(tokenOf(application, { claims: { acl } })));
    expect([answer.statusCode, claimed.length]).toEqual([status, status === 202 ? 1 : 0]);
  });

  it("are forbidden what their acl does not have, in Vonage's form", async () => {
    const acl = { paths: { "/*/users/**": {} } };
    const answer = await start({ settings }).request(
      withToken(tokenOf(application, { claims: { acl } })),
    );
    expect(answer.json()).toMatchObject({
      type: expect.stringMatching(/#forbidden$/),
      instance: expect.any(String),
    });
  });

  it("lets in a token without an end for 15 minutes", async () => {
    const { request } = start({ settings });
    const young = { exp: undefined, iat: now - 600 };
    expect((await request(withToken(tokenOf(application, { claims: young })))).statusCode).toBe(
      202,
    );
    const old = { exp: undefined, iat: now - 1_200 };
    expect((await request(withToken(tokenOf(application, { claims: old })))).statusCode).toBe(401);
  });

  it.each([
    ["that says when it ends", { iat: now - 100, exp: now }],
    ["that does not", { iat: now - 900, exp: undefined }],
    ["that ends within a second", { iat: now - 100, exp: now + 0.9 }],
  ])("remembers a token %s for as long as it is good", async (_, claims) => {
    const token = tokenOf(application, { claims });
    let forgottenAt = 0;
    const claim = async (_use: object, seconds = 0) => {
      forgottenAt = Date.now() + seconds * 1_000;
      return true;
    };
    const { request } = start({ settings, signatureNonces: { claim } });
    vi.useFakeTimers({ toFake: ["Date"], now: now * 1_000 + 500 });
    onTestFinished(() => void vi.useRealTimers());
    expect((await request(withToken(token))).statusCode).toBe(202);
    vi.setSystemTime(forgottenAt);
    expect((await request(withToken(token))).statusCode).toBe(401);
  });

  it.each<[string, Parameters<typeof tokenOf>[1]]>([
    ["by another key", { privateKey: newApplication().privateKey }],
    ["for an unknown application", { claims: { application_id: "nobody" } }],
    ["for no application", { claims: { application_id: undefined } }],
    ["that is over", { claims: { iat: now - 2_000, exp: now - 1_000 } }],
    ["that is not good yet", { claims: { nbf: now + 1_000 } }],
    ["of tomorrow", { claims: { iat: now + 1_000, exp: now + 2_000 } }],
    ["for longer than a day", { claims: { exp: now + 25 * 3_600 } }],
    ["without an instant", { claims: { iat: undefined } }],
    ["without an id", { claims: { jti: undefined } }],
    ["with an empty id", { claims: { jti: "" } }],
    ["with an id that is no text", { claims: { jti: 17 } }],
    ["that says it is not signed", { header: { alg: "none" } }],
    ["that says it is signed otherwise", { header: { alg: "RS512" } }],
    ["with a demand that is not known", { header: { crit: ["x"], x: 1 } }],
  ])("lets no token in %s, and uses up no id", async (_, making) => {
    const { request, accepted } = start({ settings, signatureNonces: unasked });
    const answer = await request(withToken(tokenOf(application, making)));
    expect([answer.statusCode, answer.json().title, accepted]).toEqual([
      401,
      "You did not provide correct credentials.",
      [],
    ]);
  });

  it("takes the public key for no secret", async () => {
    const parts = tokenOf(application, { header: { alg: "HS256" } })
      .split(".")
      .slice(0, 2);
    const signature = createHmac("sha256", application.publicKey).update(parts.join("."));
    const token = [...parts, signature.digest("base64url")].join(".");
    expect((await start({ settings }).request(withToken(token))).statusCode).toBe(401);
  });

  it("lets no revoked application in", async () => {
    const revoked = applicationSetting(application, { revokedAt: "2026-11-01T00:00:00.000Z" });
    const { request } = start({ settings: demoView(revoked) });
    expect((await request(withToken(tokenOf(application)))).statusCode).toBe(401);
  });

  it("asks to come again while nobody knows whether a token was used", async () => {
    const { request } = start({ settings, signatureNonces: away });
    expect((await request(withToken(tokenOf(application)))).statusCode).toBe(503);
  });
});

describe("Vonage: errors", () => {
  const json = { ...headers, "content-type": "application/json" };
  it.each<[string, number, InjectOptions]>([
    ["no key", 401, { ...send, headers: {} }],
    ["a key as it is", 401, { ...send, headers: { authorization: "Bearer demo-key" } }],
    ["another's key", 401, { ...send, headers: basic("other", "demo-key") }],
    ["a wrong key", 401, { ...send, headers: basic("demo", "demo") }],
    ["an operator's key", 403, { ...send, headers: basic("*", "demo-admin-key") }],
    ["malformed JSON", 422, { ...send, headers: json, payload: '{"to":' }],
    ["half a character", 422, { ...send, headers: json, payload: Buffer.from([0x22, 0xc3]) }],
    ["nothing in it", 422, { ...send, payload: {} }],
    [
      "another media type",
      415,
      { ...send, headers: { ...headers, "content-type": "text/xml" }, payload: "<a/>" },
    ],
    ["a body above 256 KiB", 413, { ...send, payload: { text: "x".repeat(256 * 1024) } }],
    ["an unknown path", 404, { url: "/v1/messages/a/b", headers }],
    ["an unknown path of a stranger", 404, { url: "/v1/messages/a/b" }],
    ["a method that is not served", 404, { url: "/v1/messages", headers }],
  ])("answers %s with HTTP %d in its own form", async (_, status, options) => {
    const answer = await start().request(options);
    expect(answer.statusCode).toBe(status);
    const { invalid_parameters: _parameters, ...body } = answer.json();
    expect(body).toEqual({
      type: expect.stringMatching(/^https:\/\/developer\.vonage\.com\/api-errors/),
      title: expect.any(String),
      detail: expect.any(String),
      instance: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
  });

  it("lets no key in that may only read", async () => {
    const { apiKey, body } = newApiKey({ scopes: ["read"] }, 0);
    const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
    const reader = demoView(withBody({ ...stamp, kind: "api-key", name: "reader" }, body));
    const answer = await start({ settings: reader }).request({
      ...send,
      headers: basic("demo", apiKey),
    });
    expect(answer.statusCode).toBe(403);
  });

  it("asks to come again while Kafka is away", async () => {
    const answer = await start({ accept: away.claim }).request(send);
    expect([answer.statusCode, answer.headers["retry-after"]]).toEqual([503, "2"]);
  });
});

const patch = (body: object, uuid = "aaaaaaaa-bbbb-4ccc-8ddd-0123456789ab"): InjectOptions => ({
  method: "PATCH",
  url: `/v1/messages/${uuid}`,
  headers,
  payload: body,
});

describe("Vonage: updates", () => {
  it.each<[string, number, InjectOptions]>([
    ["an unknown message", 404, patch({ status: "revoked" })],
    ["an unknown message that was read", 404, patch({ status: "read" })],
    ["another status", 422, patch({ status: "delivered" })],
    ["no status", 422, patch({})],
  ])("refuses %s with HTTP %d", async (_, status, options) => {
    expect((await start().request(options)).statusCode).toBe(status);
  });

  it("revokes the message that any UUID of its failover leads to", async () => {
    const asked: unknown[] = [];
    const { request } = start({
      cancel: async (messageIds) => {
        asked.push(...messageIds);
        return [];
      },
    });
    await request(patch({ status: "revoked" }, "aaaaaaaa-bbbb-4ccc-8ddd-012345678902"));
    expect(asked).toEqual(["aaaaaaaa-bbbb-4ccc-8ddd-012345678900"]);
  });
});
