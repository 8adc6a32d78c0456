import { randomUUID } from "node:crypto";
import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import type { ApiDeps } from "#services/api/api-deps.ts";
import { startApiServer as start } from "#test/support/api-server.ts";
import { entryAfter, sent, threeSteps } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const MESSAGES = "/api/v1/subaccounts/demo/messages";
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const key = { authorization: "Bearer demo-key" };
const hello = { user: { msisdn: "+6591234567" }, type: "text", content: { text: "Hello" } };
const send: InjectOptions = { method: "POST", url: MESSAGES, headers: key, payload: hello };

const failing = (error: Error): Partial<ApiDeps> => ({ accept: () => Promise.reject(error) });

describe("8x8: sending", () => {
  it("answers with the id of what was accepted", async () => {
    const { request, accepted } = start();
    const answer = await request({ ...send, payload: { ...hello, clientMessageId: "c-1" } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({
      umid: expect.stringMatching(UUID),
      user: { msisdn: "+6591234567" },
      clientMessageId: "c-1",
      status: { state: "queued", timestamp: expect.stringMatching(/^2\d{3}-.*Z$/) },
    });
    expect(accepted[0]?.request.messageId).toBe(answer.json().umid);
  });

  it("has no member that does not apply", async () => {
    const answer = await start().request({
      ...send,
      payload: { ...hello, user: { channelUserId: "US.1" }, clientMessageId: null },
    });
    expect(Object.keys(answer.json())).toEqual(["umid", "user", "status"]);
    expect(answer.json().user).toEqual({ channelUserId: "US.1" });
  });

  it("goes on with the caller's trace, and begins one where there is none", async () => {
    const { request, accepted } = start();
    const trace = "4bf92f3577b34da6a3ce929d0e0e4736";
    const traceparent = `00-${trace}-00f067aa0ba902b7-01`;
    await request({ ...send, headers: { ...key, traceparent } });
    await request(send);
    expect(accepted[0]?.headers["traceparent"]).toContain(trace);
    expect(accepted[1]?.headers["traceparent"]).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  });

  it("logs no number and no text", async () => {
    const { request, logged } = start();
    await request(send);
    expect(logged.join("")).toContain('"route":"/api/v1/subaccounts/:subAccountId/messages"');
    expect(logged.join("")).not.toMatch(/91234567|Hello/);
  });
});

describe("8x8: errors", () => {
  const json = { ...key, "content-type": "application/json" };
  const tooLarge = { ...hello, content: { text: "x".repeat(256 * 1024) } };

  it.each<[string, number, number, InjectOptions]>([
    ["malformed JSON", 400, 1000, { ...send, headers: json, payload: '{"user":' }],
    ["no body", 400, 1000, { ...send, headers: json, payload: "" }],
    ["a poisoned body", 400, 1000, { ...send, headers: json, payload: '{"__proto__":{"a":1}}' }],
    [
      "another media type",
      415,
      1000,
      { ...send, headers: { ...key, "content-type": "text/xml" }, payload: "<a/>" },
    ],
    ["a body above 256 KiB", 413, 1000, { ...send, payload: tooLarge }],
    [
      "an unknown channel",
      400,
      3022,
      { ...send, payload: { ...hello, channels: [{ channel: "sms" }] } },
    ],
    ["no key", 401, 1200, { ...send, headers: {} }],
    ["a wrong key", 401, 1200, { ...send, headers: { authorization: "Bearer nope" } }],
    ["another scheme", 401, 1200, { ...send, headers: { authorization: "Basic ZGVtbzpkZW1v" } }],
    [
      "a wrong key and a broken body",
      401,
      1200,
      { ...send, headers: { "content-type": "application/json" }, payload: "{" },
    ],
    ["another sub-account", 403, 1201, { ...send, url: MESSAGES.replace("demo", "acme") }],
    ["an impossible sub-account", 400, 1001, { ...send, url: MESSAGES.replace("demo", "a%20b") }],
    ["an unknown umid", 404, 1300, { url: `${MESSAGES}/${randomUUID()}`, headers: key }],
    ["an umid that is no UUID", 400, 1000, { url: `${MESSAGES}/no-such`, headers: key }],
    ["an unknown path", 404, 1300, { url: "/api/v1/nothing", headers: key }],
  ])("answers %s with HTTP %d and code %d", async (_, status, code, options) => {
    const answer = await start().request(options);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toEqual({
      code,
      message: expect.any(String),
      errorId: expect.stringMatching(UUID),
      timestamp: expect.stringMatching(/Z$/),
    });
  });

  it("answers 503 with code 2000 when Kafka is away", async () => {
    const answer = await start(failing(new RetriableError("no leader"))).request(send);
    expect([answer.statusCode, answer.json().code]).toEqual([503, 2000]);
    expect(answer.headers["retry-after"]).toBe("2");
  });

  it("tells nothing of a fault of ours but the id under which the log has it", async () => {
    const { request, logged } = start(failing(new Error("secret at 10.0.0.1")));
    const answer = await request(send);
    expect([answer.statusCode, answer.json().code]).toEqual([500, 2000]);
    expect(answer.body).not.toMatch(/secret|\.ts/);
    const line = logged.find((entry) => entry.includes(answer.json().errorId));
    expect(line).toContain("secret at 10.0.0.1");
  });
});

describe("reading", () => {
  const entry = entryAfter([sent(threeSteps)]);
  const found: Partial<ApiDeps> = { find: async () => ({ entry, request: storedRequest() }) };

  it("answers 8x8's read with rows", async () => {
    const answer = await start(found).request({ url: `${MESSAGES}/m-1`, headers: key });
    expect(answer.json()).toMatchObject({ data: [{ umid: "m-1", channel: "WhatsApp", step: 1 }] });
    expect(answer.body).not.toContain("null");
  });

  it.each([`${MESSAGES}/m-1`, "/ft/v1/messages/m-1", "/ft/v1/messages"])(
    "answers %s also where an instant was stored that is none",
    async (url) => {
      const odd = {
        entry,
        request: { ...storedRequest(), requestedAt: 8.7e15, expiresAt: 8.7e15 },
      };
      const list = async () => ({ messages: [odd], next: null });
      const answer = await start({ find: async () => odd, list }).request({ url, headers: key });
      expect(answer.statusCode).toBe(200);
    },
  );

  it("answers the native read with the story", async () => {
    const answer = await start(found).request({ url: "/ft/v1/messages/m-1", headers: key });
    expect(answer.json().story[1].text).toBe("WhatsApp was started: it has 60 s to be read.");
    expect(answer.body).not.toContain("null");
  });

  it.each([
    ["no key", 401, "unauthorized", { url: "/ft/v1/messages/m-1" }],
    ["an unknown id", 404, "not-found", { url: "/ft/v1/messages/m-1", headers: key }],
    ["an unknown path", 404, "not-found", { url: "/nothing" }],
    ["a path that is no path", 400, "bad-request", { url: "/ft/v1/messages/%zz", headers: key }],
  ])("answers %s with HTTP %d and a problem", async (_, status, code, options) => {
    const answer = await start().request(options);
    expect(answer.headers["content-type"]).toMatch(/^application\/problem\+json/);
    expect(answer.json()).toEqual({
      type: `urn:fallthrough:problem:${code}`,
      title: expect.any(String),
      status,
      detail: expect.any(String),
      code,
    });
  });
});

describe("a name of another machine, where this one alone is served", () => {
  it.each([
    "/api/v1/subaccounts/demo/messages",
    "/ft/v1/messages/m-1",
    "/ft/v1/docs/static/nothing.js",
    "/messages-api/1/messages",
    "/v1/demo/workflow/v1/flows",
    "/v0.1/dispatch",
    "/?Action=SendChatappMessage",
    "/nothing",
  ])("is refused at %s in the words of its dialect", async (url) => {
    const { request, logged } = start({}, { isLoopbackOnly: true });
    const { statusCode, body } = await request({ url, headers: { ...key, host: "evil.example" } });
    expect([statusCode, body]).toEqual([421, expect.stringContaining("127.0.0.1")]);
    expect(logged.join("")).not.toContain("request failed");
  });
});
