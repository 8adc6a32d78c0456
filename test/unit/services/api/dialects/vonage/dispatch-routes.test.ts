import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { messageIdOf } from "#libs/dialects/vonage/message-uuids.ts";
import { RetriableError } from "#libs/errors.ts";
import { startApiServer as start } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { applicationSetting, newApplication, tokenOf } from "#test/support/vonage-application.ts";

const headers = { authorization: `Basic ${btoa("demo:demo-key")}` };
/** As Vonage's page shows it. */
const payload = {
  template: "failover",
  workflow: [
    {
      from: { type: "viber_service_msg", id: "FALLTHRU" },
      to: { type: "viber_service_msg", number: "447700900001" },
      message: { content: { type: "text", text: "This is a Viber Message" } },
      failover: { expiry_time: 600, condition_status: "delivered" },
    },
    {
      from: { type: "sms", number: "FALLTHRU" },
      to: { type: "sms", number: "447700900001" },
      message: { content: { type: "text", text: "This is an SMS" } },
    },
  ],
};
const send: InjectOptions = { method: "POST", url: "/v0.1/dispatch", headers, payload };

describe("Vonage Dispatch: sending", () => {
  it.each(["/v0.1/dispatch", "/v0.1/dispatch/"])("answers 202 at %s", async (url) => {
    const { request, accepted } = start();
    const answer = await request({ ...send, url });
    const { dispatch_uuid, ...more } = answer.json();
    expect([answer.statusCode, more]).toEqual([202, {}]);
    expect(accepted.map(({ request: each }) => each.messageId)).toEqual([
      messageIdOf(dispatch_uuid),
    ]);
  });

  it("lets in whoever signs a token", async () => {
    const application = newApplication();
    const { request } = start({ settings: demoView(applicationSetting(application)) });
    const signed = { ...send, headers: { authorization: `Bearer ${tokenOf(application)}` } };
    expect((await request(signed)).statusCode).toBe(202);
  });
});

describe("Vonage Dispatch: errors", () => {
  const json = { ...headers, "content-type": "application/json" };
  it.each<[string, number, InjectOptions]>([
    ["no key", 401, { ...send, headers: {} }],
    ["a wrong key", 401, { ...send, headers: { authorization: `Basic ${btoa("demo:x")}` } }],
    ["no JSON", 400, { ...send, headers: json, payload: "{" }],
    ["a body out of form", 400, { ...send, payload: { template: "failover" } }],
    ["no body", 400, { ...send, payload: "" }],
    ["a workflow that is asked for", 404, { ...send, method: "GET", url: "/v0.1/dispatch/x" }],
    ["another type", 415, { ...send, headers: { ...json, "content-type": "text/xml" } }],
  ])("are Vonage's for %s", async (_, status, options) => {
    const { request, accepted } = start();
    const answer = await request(options);
    expect([answer.statusCode, accepted.length]).toEqual([status, 0]);
    expect(answer.json()).toMatchObject({
      type: expect.stringContaining("https://developer.vonage.com/api-errors"),
      title: expect.any(String),
      detail: expect.any(String),
      instance: expect.any(String),
    });
  });

  it("are Vonage's where Kafka is away", async () => {
    const { request } = start({ accept: () => Promise.reject(new RetriableError("away")) });
    const answer = await request(send);
    expect(answer.statusCode).toBe(503);
    expect(answer.json().type).toBe("https://developer.vonage.com/api-errors/messages#1100");
  });
});
