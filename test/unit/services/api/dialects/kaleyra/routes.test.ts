import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { newApiKey } from "#libs/settings/api-keys.ts";
import type { Scope } from "#libs/settings/bodies/api-key.ts";
import { withBody } from "#libs/settings/setting.ts";
import { SettingRefusal } from "#libs/settings/setting-refusal.ts";
import { ownerOf } from "#services/api/dialects/api-dialects.ts";
import { startApiServer } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { kaleyraTemplates, publishedFlow } from "#test/support/kaleyra-flows.ts";

const ROOT = "/v1/demo/workflow/v1";
const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
const flow = withBody({ ...stamp, kind: "flow", name: "orders" }, publishedFlow());

/** With a key of these scopes beside the public ones. */
function start(scopes: Scope[] = ["read"]) {
  const { apiKey, body } = newApiKey({ scopes }, 0);
  const key = withBody({ ...stamp, kind: "api-key", name: "own" }, body);
  const settings = demoView(...kaleyraTemplates, flow, key);
  return { ...startApiServer({ settings }), apiKey };
}

const headers = { "api-key": "demo-key" };
const admin = { "api-key": "demo-admin-key" };
/** As the vendor documents it. */
const payload = {
  requestId: "r1",
  input: {
    send1: { recipient: "919812345678", templateParams: { "1": "Ann", "2": "17" } },
    send2: { recipient: "919812345678", templateParams: { order: "17", name: "Ann" } },
  },
};
const invoke: InjectOptions = {
  method: "POST",
  url: `${ROOT}/instances/orders/invoke`,
  headers,
  payload,
};

describe("Kaleyra: an invocation", () => {
  it("is answered once it is accepted, with the id that its callback has", async () => {
    const { request, accepted } = start();
    const answer = await request(invoke);
    expect(answer.statusCode).toBe(200);
    const { workflowInvocationId } = answer.json();
    expect(accepted.map(({ request: { messageId } }) => messageId)).toEqual([workflowInvocationId]);
  });

  it("is accepted as often as it is made: a requestId identifies nothing", async () => {
    const { request, accepted } = start();
    await request(invoke);
    await request(invoke);
    const ids = accepted.map(({ request: { messageId } }) => messageId);
    expect(new Set(ids).size).toBe(2);
  });
});

describe("Kaleyra: errors", () => {
  const json = { ...headers, "content-type": "application/json" };
  it.each<[string, number, InjectOptions]>([
    ["no key", 401, { ...invoke, headers: {} }],
    ["an unknown key", 401, { ...invoke, headers: { "api-key": "ft_unknown" } }],
    ["a bearer token", 401, { ...invoke, headers: { authorization: "Bearer demo-key" } }],
    ["a foreign SID", 403, { ...invoke, url: "/v1/other/workflow/v1/instances/orders/invoke" }],
    ["a key that may not send", 403, { ...invoke, headers: admin }],
    ["a key that may not change flows", 403, { method: "POST", url: `${ROOT}/flows`, headers }],
    ["malformed JSON", 400, { ...invoke, headers: json, payload: '{"input":' }],
    ["nothing in it", 400, { ...invoke, payload: {} }],
    ["a body above 256 KiB", 413, { ...invoke, payload: { requestId: "x".repeat(256 * 1024) } }],
    ["an unknown instance", 404, { ...invoke, url: `${ROOT}/instances/none/invoke` }],
    ["an unknown flow", 404, { url: `${ROOT}/flows/none`, headers }],
    ["an unknown channel", 404, { url: `${ROOT}/channels/viber`, headers }],
    ["an unknown path", 404, { url: `${ROOT}/nothing`, headers }],
    ["a flow without a title", 400, { method: "POST", url: `${ROOT}/flows`, headers: admin }],
  ])("answers %s with HTTP %d in its own form", async (_, status, options) => {
    const answer = await start().request(options);
    expect(answer.statusCode).toBe(status);
    const { code, message, data } = answer.json();
    expect([code, data.error.error_message]).toEqual([1000 + status, message]);
    expect(data.error.error_code).toMatch(/^[A-Z_]+$/);
  });

  it.each<[string, number, Error]>([
    ["a title that is taken", 400, new SettingRefusal("invalid", "It is taken.")],
    ["a flow that is in use", 409, new SettingRefusal("in-use", "It is in use.")],
    ["a dependency that is away", 503, new RetriableError("no leader")],
  ])("answers %s with HTTP %d", async (_, status, error) => {
    const writer = { change: () => Promise.reject(error) };
    const { request } = startApiServer({ settings: demoView(flow), writer });
    const change = { method: "POST", url: `${ROOT}/flows`, headers: admin } as const;
    const answer = await request({ ...change, payload: { title: "Orders" } });
    expect([answer.statusCode, answer.json().code]).toEqual([status, 1000 + status]);
  });
});

describe("Kaleyra: flows", () => {
  it("are shown to whoever may read, without those that Kaleyra could not have", async () => {
    const { request, apiKey } = start(["read"]);
    const answer = await request({ url: `${ROOT}/flows`, headers: { "api-key": apiKey } });
    expect(answer.json().flows.map(({ id }: { id: string }) => id)).toEqual([
      "whatsapp-then-sms",
      "orders",
    ]);
  });

  it("are offered the configured senders and the approved templates", async () => {
    const answer = await start().request({ url: `${ROOT}/channels/sms`, headers });
    expect(answer.json()).toEqual({
      from: ["FALLTHRU"],
      templates: [
        { template: "order-sms", preview: "Order {{order}} of {{ name }} is on its way." },
        { template: "plain-sms", preview: "Your order is on its way." },
      ],
    });
    const byWhatsapp = await start().request({ url: `${ROOT}/channels/whatsapp`, headers });
    const { from, templates } = byWhatsapp.json();
    expect(from).toEqual(["FALLTHRU"]);
    expect(templates.map(({ template }: { template: string }) => template)).toEqual([
      "order.en",
      "named.en",
      "unseen.en",
      "code.en",
    ]);
    expect(templates[0].preview).toBe("Hello {{1}}, your order {{2}} is on its way.");
  });
});

it("Kaleyra owns the workflow paths of every SID, and no other below /v1", () => {
  const urls = ["/v1/demo/workflow/v1/flows?a=b", "/v1/x/workflow", "/v1/messages", "/v1/workflow"];
  expect(urls.map((url) => ownerOf(url).name === "kaleyra")).toEqual([true, true, false, false]);
});
