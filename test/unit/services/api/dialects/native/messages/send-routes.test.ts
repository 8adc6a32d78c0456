import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { messageIdsOf } from "#libs/dialects/batch-ids.ts";
import { RetriableError } from "#libs/errors.ts";
import type { ApiDeps } from "#services/api/api-deps.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { entryAfter, sent, threeSteps } from "#test/support/journal-entry.ts";
import { storedRequest } from "#test/support/stored-request.ts";

const authorization = "Bearer demo-key";
const key = { authorization, "content-type": "application/json" };
const hello = { recipient: { msisdn: "+6591234567" }, content: { text: "Hello" } };

function start(deps: Partial<ApiDeps> = {}) {
  const { accepted, logged, request } = startApiServer(deps);
  const post = (path: string, payload: unknown, more: InjectOptions = {}) => {
    const body = typeof payload === "string" ? payload : JSON.stringify(payload);
    return request({ method: "POST", url: `/ft/v1${path}`, headers: key, payload: body, ...more });
  };
  return { accepted, logged, post };
}

const kafkaAway = { accept: () => Promise.reject(new RetriableError("away")) };

describe("native: sending", () => {
  it("answers with the id of what was accepted, and where it can be read", async () => {
    const { post, accepted } = start();
    const answer = await post("/messages", { ...hello, clientMessageId: "c-1" });
    const messageId = accepted[0]?.request.messageId;
    expect(answer.statusCode).toBe(202);
    expect(answer.headers["location"]).toBe(`/ft/v1/messages/${messageId}`);
    expect(answer.json()).toEqual({ messageId, clientMessageId: "c-1", warnings: [] });
  });

  it("leaves out what does not apply", async () => {
    const { post } = start();
    expect(Object.keys((await post("/messages", hello)).json())).toEqual(["messageId", "warnings"]);
    const batch = (await post("/messages/batch", { messages: [hello] })).json();
    expect(batch).not.toHaveProperty("clientBatchId");
    expect(batch.messages).toEqual([{ messageId: messageIdsOf(batch.batchId)?.[0] }]);
  });

  it("takes a batch of more than 256 KiB", async () => {
    const { post, accepted } = start();
    const messages = Array.from({ length: 5_000 }, () => hello);
    const answer = await post("/messages/batch", { messages });
    expect(answer.statusCode).toBe(202);
    expect(answer.headers["location"]).toBe(`/ft/v1/messages?batchId=${answer.json().batchId}`);
    expect(accepted).toHaveLength(5_000);
  });

  it("logs no number and no text", async () => {
    const { post, logged } = start();
    await post("/messages", hello);
    await post("/messages", { ...hello, recipient: { msisdn: "1234567-nobody" } });
    expect(logged.join("")).toContain('"route":"/ft/v1/messages"');
    expect(logged.join("")).not.toMatch(/1234567|Hello/);
  });
});

describe("native: errors of sending", () => {
  const json = "application/json";
  it.each<[string, number, string, string, unknown, object]>([
    ["malformed JSON", 400, "bad-request", "/messages", '{"a":', {}],
    ["another media type", 415, "bad-request", "/messages", "<a/>", { "content-type": "text/xml" }],
    ["256 KiB", 413, "bad-request", "/messages", { a: "x".repeat(256 * 1024) }, {}],
    ["16 MiB", 413, "bad-request", "/messages/batch", { a: "x".repeat(16 * 1024 * 1024) }, {}],
    ["another shape", 422, "invalid", "/messages", [], {}],
    ["no messages", 422, "invalid", "/messages/batch", { messages: [] }, {}],
    ["a long reason", 422, "invalid", "/messages/x/cancel", { reason: "x".repeat(201) }, {}],
    ["an unknown id", 404, "not-found", "/messages/x/cancel", {}, {}],
    ["an unknown batch", 404, "not-found", "/batches/x/cancel", {}, {}],
    [
      "an admin's key",
      403,
      "forbidden",
      "/messages",
      hello,
      { authorization: "Bearer demo-admin-key" },
    ],
  ])("answers %s with HTTP %d and %s", async (_, status, code, path, payload, headers) => {
    const { post, accepted } = start();
    const answer = await post(path, payload, {
      headers: { authorization, "content-type": json, ...headers },
    });
    expect(answer.statusCode).toBe(status);
    expect(answer.headers["content-type"]).toContain("application/problem+json");
    expect(answer.json()).toMatchObject({ code, status, detail: expect.any(String) });
    expect(accepted).toEqual([]);
  });

  it("needs a key", async () => {
    const answer = await start().post("/messages", hello, { headers: {} });
    expect(answer.statusCode).toBe(401);
  });

  it.each<[string, object]>([
    ["/messages", hello],
    ["/messages/batch", { messages: [hello] }],
  ])("has %s tried again while Kafka is away", async (path, body) => {
    const answer = await start(kafkaAway).post(path, body);
    expect(answer.statusCode).toBe(503);
    expect(answer.headers["retry-after"]).toBe("2");
  });
});

describe("native: cancelling", () => {
  const message = { entry: entryAfter([sent(threeSteps)]), request: storedRequest() };

  it("needs no body", async () => {
    const { post } = start({
      find: async () => message,
      cancel: async () => [{ ...message, wasOpen: true }],
    });
    const answer = await post("/messages/m-1/cancel", "", { headers: { authorization } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ messageId: "m-1", canceled: false });
  });
});
