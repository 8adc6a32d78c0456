import type { InjectOptions } from "fastify";
import { describe, expect, it } from "vitest";
import { RetriableError } from "#libs/errors.ts";
import { newAccessSecret, newApiKey } from "#libs/settings/api-keys.ts";
import type { Scope } from "#libs/settings/bodies/api-key.ts";
import { withBody } from "#libs/settings/setting.ts";
import { signedCall } from "#test/support/alibaba-signer.ts";
import { startApiServer as start } from "#test/support/api-server.ts";
import { demoView } from "#test/support/demo-settings.ts";
import { noWebhooks } from "#test/support/no-webhooks.ts";

const form = {
  ChannelType: "whatsapp",
  Type: "message",
  MessageType: "text",
  From: "FALLTHRU",
  To: "6591234567",
  FallBackContent: "Hello by SMS",
  FallBackDuration: "60",
};
const query = { Content: '{"text":"Hello, it\'s (me)*"}' };
const parameters = { form, query };

describe("Alibaba: sending", () => {
  it("answers once Kafka has the message", async () => {
    const { request, accepted } = start();
    const answer = await request(signedCall(parameters));
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        RequestId: expect.stringMatching(/^[0-9A-F-]{36}$/),
        Code: "OK",
        Message: "OK",
        MessageId: accepted[0]?.request.messageId,
      },
    ]);
    expect(accepted[0]?.request).toMatchObject({
      dialect: "alibaba",
      recipient: { msisdn: "+6591234567" },
      content: { text: "Hello, it's (me)*" },
    });
  });

  it("takes every parameter from the query too, as Python's client sends them", async () => {
    const { request, accepted } = start();
    const answer = await request(signedCall({ query: { ...form, ...query } }));
    expect([answer.json().Code, accepted.length]).toEqual(["OK", 1]);
  });
});

function accessKey(scopes: Scope[], revokedAt?: string) {
  const sealing = { secretsKeys: noWebhooks.secretsKeys, accountId: "demo" };
  const { secret, sealedSecret } = newAccessSecret(sealing);
  const { body } = newApiKey({ scopes }, 0);
  const kept = { ...body, sealedSecret, ...(revokedAt && { revokedAt }) };
  const stamp = { accountId: "demo", revision: 1, changedAt: 0, changedBy: "test" };
  const settings = demoView(withBody({ ...stamp, kind: "api-key", name: "own" }, kept));
  return { settings, secret, accessKeyId: "own" };
}

describe("Alibaba: access keys", () => {
  it("lets a key of the settings in by its sealed secret, until it is revoked", async () => {
    const { settings, ...signing } = accessKey(["send"]);
    const good = await start({ settings }).request(signedCall(parameters, signing));
    expect(good.json().Code).toBe("OK");
    const { settings: later, ...revoked } = accessKey(["send"], "2026-11-01T00:00:00Z");
    const refused = await start({ settings: later }).request(signedCall(parameters, revoked));
    expect(refused.json().Code).toBe("InvalidAccessKeyId.NotFound");
  });

  it("lets no key send that may only read", async () => {
    const { settings, ...signing } = accessKey(["read"]);
    const answer = await start({ settings }).request(signedCall(parameters, signing));
    expect([answer.statusCode, answer.json().Code]).toEqual([403, "Ram.PermissionDeny"]);
  });

  it("refuses a nonce that was used", async () => {
    const used = new Set<string>();
    const claim = async ({ nonce }: { nonce: string }) => used.size < used.add(nonce).size;
    const { request, accepted } = start({ signatureNonces: { claim } });
    const call = signedCall(parameters);
    const codes = [await request(call), await request(call)].map((each) => each.json().Code);
    expect([codes, accepted.length]).toEqual([["OK", "SignatureNonceUsed"], 1]);
  });

  it("asks for no nonce of a stranger", async () => {
    const { request } = start({
      signatureNonces: { claim: () => Promise.reject(new Error("It was asked for.")) },
    });
    const answer = await request(signedCall(parameters, { secret: "guessed" }));
    expect(answer.json().Code).toBe("SignatureDoesNotMatch");
  });

  it.each([-14, 14])("takes a clock that is off by %d minutes", async (minutes) => {
    const at = Date.now() + minutes * 60_000;
    expect((await start().request(signedCall(parameters, { at }))).json().Code).toBe("OK");
  });
});

const minutesOff = (minutes: number) => ({ at: Date.now() + minutes * 60_000 });
const signed = signedCall(parameters);
const typed = (type: string, payload: string): InjectOptions => {
  return { ...signed, headers: { ...signed.headers, "content-type": type }, payload };
};

describe("Alibaba: errors", () => {
  it.each<[string, number, string, InjectOptions]>([
    [
      "no signature",
      400,
      "MissingAccessKeyId",
      { ...signed, headers: { ...signed.headers, authorization: "" } },
    ],
    [
      "a bearer key",
      400,
      "MissingAccessKeyId",
      { ...signed, headers: { ...signed.headers, authorization: "Bearer demo-key" } },
    ],
    [
      "an unknown key",
      404,
      "InvalidAccessKeyId.NotFound",
      signedCall(parameters, { accessKeyId: "x" }),
    ],
    ["a wrong secret", 400, "SignatureDoesNotMatch", signedCall(parameters, { secret: "x" })],
    ["a changed body", 400, "SignatureDoesNotMatch", { ...signed, payload: "To=6599999999" }],
    ["an old signature", 400, "InvalidTimeStamp.Expired", signedCall(parameters, minutesOff(-16))],
    ["a future signature", 400, "InvalidTimeStamp.Expired", signedCall(parameters, minutesOff(16))],
    [
      "no date",
      400,
      "InvalidTimeStamp.Format",
      { ...signed, headers: { ...signed.headers, "x-acs-date": "" } },
    ],
    [
      "an unknown action",
      404,
      "InvalidAction.NotFound",
      signedCall(parameters, { action: "ListFlow" }),
    ],
    ["nothing at all", 400, "MissingAccessKeyId", { method: "POST", url: "/" }],
    ["another version", 400, "InvalidVersion", signedCall(parameters, { version: "2014-05-26" })],
    ["nobody to send to", 400, "MissingTo", signedCall({ form: { ...form, To: "" }, query })],
    [
      "a parameter that is not served",
      400,
      "UnsupportedParameter.Payload",
      signedCall({ form: { ...form, Payload: "[]" }, query }),
    ],
    [
      "content that is no JSON",
      400,
      "InvalidParameter.Content",
      signedCall({ form, query: { Content: "{" } }),
    ],
    ["bytes that are no UTF-8", 400, "BadRequest", { ...signed, url: "/?Content=%ff" }],
    ["too many parameters", 400, "BadRequest", { ...signed, payload: "a=1&".repeat(501) }],
    ["JSON as the body", 415, "UnsupportedContentType", typed("application/json", "{}")],
    [
      "a body above 2 MiB",
      413,
      "RequestEntityTooLarge",
      { ...signed, payload: `Content=${"x".repeat(2 * 1024 * 1024)}` },
    ],
    ["a GET", 404, "InvalidAction.NotFound", { method: "GET", url: "/?Action=SendChatappMessage" }],
    [
      "a GET of an action in a header",
      404,
      "InvalidAction.NotFound",
      { method: "GET", url: "/", headers: { "x-acs-action": "SendChatappMessage" } },
    ],
  ])("answers %s with HTTP %d and %s", async (_, status, code, options) => {
    const { request, accepted } = start();
    const answer = await request(options);
    expect([answer.statusCode, answer.json()]).toEqual([
      status,
      {
        RequestId: expect.any(String),
        HostId: expect.any(String),
        Code: code,
        Message: expect.any(String),
      },
    ]);
    expect(answer.headers["content-type"]).toContain("application/json");
    expect(accepted).toEqual([]);
  });

  it.each<[string, number, string, Error]>([
    ["while Kafka is away", 503, "ServiceUnavailable", new RetriableError("no leader")],
    ["by a fault of ours", 500, "InternalError", new Error("a secret detail")],
  ])("says %s no more than that", async (_, status, code, error) => {
    const answer = await start({ accept: () => Promise.reject(error) }).request(signed);
    expect([answer.statusCode, answer.json().Code]).toEqual([status, code]);
    expect(answer.body).not.toContain("detail");
  });
});

describe("GET / of the api", () => {
  it("leads a browser to the page that explains the api", async () => {
    const { request } = start();
    const { statusCode, headers } = await request({ url: "/?from=browser" });
    expect([statusCode, headers.location]).toEqual([302, "/ft/v1/docs"]);
    expect((await request({ url: headers.location! })).statusCode).toBeLessThan(400);
  });
});
