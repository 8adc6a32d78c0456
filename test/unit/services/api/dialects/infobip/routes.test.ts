import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { newApiKey } from "#libs/settings/api-keys.ts";
import { withBody } from "#libs/settings/setting.ts";
import { startApiServer as start } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { readVendorDocument } from "#test/support/vendor-openapi.ts";

const URL = "/messages-api/1/messages";
const headers = { authorization: "App demo-key" };
/** As the vendor's quick start for its Java client sends it. */
const payload = {
  messages: [
    {
      channel: "SMS",
      sender: "FALLTHRU",
      destinations: [{ to: "6591234567" }],
      content: { body: { text: "Sent using a client library!", type: "TEXT" } },
    },
  ],
};
const send: InjectOptions = { method: "POST", url: URL, headers, payload };

describe("Infobip: sending", () => {
  it("answers once what it takes is accepted", async () => {
    const { request, accepted } = start();
    const answer = await request(send);
    expect(answer.statusCode).toBe(200);
    expect(answer.json().messages).toHaveLength(1);
    expect(accepted.map(({ request: each }) => each.messageId)).toEqual([
      answer.json().messages[0].messageId,
    ]);
    expect(answer.body).not.toContain("null");
  });

  it("accepts nothing where all is rejected", async () => {
    const { request, accepted } = start();
    const [message] = payload.messages;
    const rejected = { messages: [{ ...message, destinations: [{ to: "12" }] }] };
    const answer = await request({ ...send, payload: rejected });
    expect([answer.statusCode, accepted.length]).toEqual([200, 0]);
    expect(answer.json().messages[0].status.groupName).toBe("REJECTED");
  });
});

describe("Infobip: errors", () => {
  const json = { ...headers, "content-type": "application/json" };
  it.each<[string, number, InjectOptions]>([
    ["no key", 401, { ...send, headers: {} }],
    ["a bearer token", 401, { ...send, headers: { authorization: "Bearer demo-key" } }],
    ["an operator's key", 403, { ...send, headers: { authorization: "App demo-admin-key" } }],
    ["malformed JSON", 400, { ...send, headers: json, payload: '{"messages":' }],
    ["nothing in it", 400, { ...send, payload: {} }],
    [
      "another media type",
      415,
      { ...send, headers: { ...headers, "content-type": "text/xml" }, payload: "<a/>" },
    ],
    ["a body above 256 KiB", 413, { ...send, payload: { messages: "x".repeat(256 * 1024) } }],
    ["an unknown path", 404, { url: "/messages-api/1/reports", headers }],
  ])("answers %s with HTTP %d in its own form", async (_, status, options) => {
    const answer = await start().request(options);
    expect(answer.statusCode).toBe(status);
    expect(answer.json()).toEqual({
      errorCode: `E${status}`,
      description: expect.any(String),
      action: expect.any(String),
      violations: expect.any(Array),
      resources: [],
    });
  });

  it("lets no key in that may only read", async () => {
    const { apiKey, body } = newApiKey({ scopes: ["read"] }, 0);
    const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
    const settings = demoView(withBody({ ...stamp, kind: "api-key", name: "reader" }, body));
    const { request } = start({ settings });
    const answer = await request({ ...send, headers: { authorization: `App ${apiKey}` } });
    expect(answer.json().errorCode).toBe("E403");
  });

  it("says what is wrong and where", async () => {
    const answer = await start().request({ ...send, payload: { messages: [{}] } });
    expect(answer.json().violations).toContainEqual({
      property: "messages[0]",
      violation: expect.stringContaining("channel"),
    });
  });

  it("asks to come again while Kafka is away", async () => {
    const away = new RetriableError("no leader");
    const answer = await start({ accept: () => Promise.reject(away) }).request(send);
    expect([answer.statusCode, answer.json().errorCode]).toEqual([503, "E503"]);
    expect(answer.headers["retry-after"]).toBe("2");
  });
});

// The Messages API shares the form of its answers with the channels' own APIs.
const referee = readVendorDocument("infobip/infobip-viber-openapi.json");

describe.skipIf(!referee)("Infobip: an answer is one that its own document allows", () => {
  it.each<[number, InjectOptions]>([
    [200, send],
    [400, { ...send, payload: { messages: [{}] } }],
    [401, { ...send, headers: {} }],
    [403, { ...send, headers: { authorization: "App demo-admin-key" } }],
  ])("with HTTP %d", async (status, options) => {
    const { operations, faultsOf } = referee!;
    const operation = operations.find(({ path }) => path === "/viber/2/messages")!;
    const answer = await start().request(options);
    expect([answer.statusCode, faultsOf(operation, status, answer.json())]).toEqual([status, []]);
  });
});
