// What a gateway is called with: nothing that a message says becomes part of what is around it.
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { parseGiven } from "#libs/json/parse-given.ts";
import { GenericOptions } from "#libs/providers/generic-http/access.ts";
import { authorizing } from "#libs/providers/generic-http/authorize.ts";
import { secretValues } from "#libs/providers/generic-http/placeholders.ts";
import { requestOf } from "#libs/providers/generic-http/request.ts";
import { commandFor } from "#test/support/dispatch-command.ts";
import { gatewayCredentials, gatewayOptions } from "#test/support/gateway-options.ts";

const ADDRESS = "https://gw.example";
const HOSTILE = `"},{"to":"+1","a":"<b>&amp;'\u0000é\r\nX: 1&to=+1 %41 😀`;
const receiptsUrl = "https://hooks.example/receipts/generic-http/0123";
const secrets = secretValues(gatewayCredentials);

function asked(request: object, command: Parameters<typeof commandFor>[0]) {
  const options = parseGiven(GenericOptions, gatewayOptions(ADDRESS, { request }));
  return Object(requestOf(commandFor(command), options, { secrets, receiptsUrl }));
}

const sms = { channel: "sms", recipient: "+6599990000" };
const hostile = { type: "TEXT" as const, text: HOSTILE, richJson: null, smsEncoding: null };
const content = { ...hostile, type: "INTERACTIVE" as const, richJson: '{"a":[1]}' };

it("asks with the placeholders filled in, secrets too", () => {
  const { request } = gatewayOptions(ADDRESS);
  expect(asked(request, { ...sms, messageId: "m", ttlSeconds: 90 })).toEqual({
    method: "POST",
    origin: ADDRESS,
    path: "/v1/send",
    headers: { "content-type": "application/json", "x-api-key": gatewayCredentials.apiKey },
    body: JSON.stringify({
      recipients: [{ msisdn: "6599990000" }],
      from: "FALLTHRU",
      message: "hello",
      validity: 90,
      reference: "m:0",
    }),
  });
});

it("leaves out a member of JSON that is a placeholder without a value", () => {
  const body = {
    json: { validity: "{ttlSeconds}", list: ["{ttlSeconds}", 1], said: "[{ttlSeconds}]" },
  };
  const { body: sent } = asked({ url: ADDRESS, body }, { ...sms, ttlSeconds: null });
  expect(JSON.parse(sent)).toEqual({ list: [1], said: "[]" });
});

it("escapes what JSON, forms, XML, URLs and headers would take for their own", () => {
  const said = { ...sms, content: hostile };
  const json = asked({ url: ADDRESS, body: { json: { a: "{text}", b: "say {text}" } } }, said);
  expect(JSON.parse(json.body)).toEqual({ a: HOSTILE, b: `say ${HOSTILE}` });
  const form = asked({ url: ADDRESS, body: { form: { text: "{text}", to: "{to}" } } }, said);
  expect([...new URLSearchParams(form.body)]).toEqual([
    ["text", HOSTILE],
    ["to", "+6599990000"],
  ]);
  const xml = asked({ url: ADDRESS, body: { xml: '<sms a="{text}">{text}</sms>' } }, said);
  const inXml =
    "&quot;},{&quot;to&quot;:&quot;+1&quot;,&quot;a&quot;:&quot;&lt;b&gt;&amp;amp;&apos;\ufffdé\r\nX: 1&amp;to=+1 %41 😀";
  expect(xml.body).toBe(`<sms a="${inXml}">${inXml}</sms>`);
  const url = `${ADDRESS}/send?to={to}&text={text}`;
  const got = asked({ method: "GET", url, headers: { "x-t": "{text}" } }, said);
  expect([...new URL(got.path, ADDRESS).searchParams]).toEqual([
    ["to", "+6599990000"],
    ["text", HOSTILE],
  ]);
  expect(got.headers["x-t"]).toMatch(/^[\x20-\x7e]+$/);
  expect(got.headers["x-t"]).toContain("%0D%0AX: 1");
});

it("survives a text that is half a character", () => {
  const said = { ...sms, content: { ...hostile, text: "a\ud83d" } };
  const url = `${ADDRESS}/{text}`;
  const request = asked({ url, headers: { "x-t": "{text}" }, body: { xml: "{text}" } }, said);
  expect(request).toMatchObject({ path: "/a%EF%BF%BD", body: "a\ufffd" });
  expect(request.headers["x-t"]).toBe("a%EF%BF%BD");
});

it("writes a brace for two, and gives rich content as it is where a template asks for it", () => {
  const json = { text: "{{{text}}}", rich: "{content}", told: "{receiptsUrl}" };
  const sent = asked({ url: ADDRESS, body: { json } }, { ...sms, content });
  expect(JSON.parse(sent.body)).toEqual({
    text: `{${HOSTILE}}`,
    rich: { a: [1] },
    told: receiptsUrl,
  });
  const refused = asked({ url: ADDRESS, body: { json: { text: "{text}" } } }, { ...sms, content });
  expect(refused).toMatchObject({ type: "refused", code: "content-not-served" });
});

it("calls for nobody who has no address there, and for no other channel", () => {
  const { request } = gatewayOptions(ADDRESS);
  expect(asked(request, { ...sms, recipient: "" })).toMatchObject({ code: "no-address" });
  expect(asked(request, { ...sms, channel: "viber" })).toMatchObject({
    code: "content-not-served",
  });
});

it("gives the commandId as the key of safe repeats, and the time in minutes that are not longer", () => {
  const request = { url: `${ADDRESS}/send?v={ttlMinutes}`, idempotencyHeader: "idempotency-key" };
  const { path, headers } = asked(request, { ...sms, messageId: "m", ttlSeconds: 179 });
  expect([path, headers["idempotency-key"]]).toEqual(["/send?v=2", "m:0"]);
});

function of(auth: object) {
  const options = parseGiven(GenericOptions, gatewayOptions(ADDRESS, { auth }));
  return authorizing(options.auth ?? {}, secrets)("{}", 1_700_000_000_999);
}

it("shows whose the request is: basic, bearer, or an HMAC of the body with a time or without", () => {
  const { apiKey } = gatewayCredentials;
  expect(of({ basic: { user: "me", password: "{secrets.apiKey}" } })).toEqual({
    authorization: `Basic ${btoa(`me:${apiKey}`)}`,
  });
  expect(of({ bearer: { token: "{secrets.apiKey}" } })).toEqual({
    authorization: `Bearer ${apiKey}`,
  });
  const hmac = { header: "x-signature", key: "{secrets.apiKey}" };
  const digest = (hash: string, said: string) => createHmac(hash, apiKey).update(said);
  expect(of({ hmac })).toEqual({ "x-signature": digest("sha256", "{}").digest("hex") });
  const form = { hash: "sha512", encoding: "base64", prefix: "v1=" };
  expect(of({ hmac: { ...hmac, ...form, timestampHeader: "x-time" } })).toEqual({
    "x-signature": `v1=${digest("sha512", "1700000000.{}").digest("base64")}`,
    "x-time": "1700000000",
  });
});

it("calls nobody with a request that no gateway would take, whatever a template repeats", () => {
  const command = { ...sms, content: { ...hostile, text: "x".repeat(35_000) } };
  const json = Array.from({ length: 50 }, () => "{text} ".repeat(200));
  expect(asked({ url: ADDRESS, body: { json } }, command)).toMatchObject({
    type: "refused",
    code: "content-not-served",
  });
  const xml = "<a>{text}</a>".repeat(29);
  const { body } = asked({ url: ADDRESS, body: { xml } }, command);
  expect(body.length).toBeGreaterThan(1_000_000);
});
