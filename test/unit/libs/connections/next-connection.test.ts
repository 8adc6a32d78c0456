import { randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { nextConnection } from "#libs/connections/next-connection.ts";
import { cloudCredentials, PHONE_NUMBER_ID } from "#test/support/cloud-api.ts";
import { gatewayCredentials, gatewayOptions } from "#test/support/gateway-options.ts";

const sealing = { secretsKeys: [randomBytes(32)] as const, accountId: "demo" };

function next(address: string, more: object = {}) {
  const options = { phoneNumberId: PHONE_NUMBER_ID, address };
  const given = { provider: "whatsapp-cloud", enabled: true, options, ...more };
  return nextConnection({ ...given, credentials: cloudCredentials }, undefined, sealing);
}

it("takes an address that calls can be made to", () => {
  expect(next("https://meta.example:8443").options["address"]).toBe("https://meta.example:8443");
  expect(next("http://127.0.0.1:8443").guid).toMatch(/^[0-9a-f]{32}$/);
});

it("keeps the channels that it carries, and takes no others", () => {
  expect(next("https://meta.example").channels).toEqual(["whatsapp"]);
  expect(() => next("https://meta.example", { channels: ["sms"] })).toThrow(
    "whatsapp-cloud carries whatsapp only",
  );
});

it.each([
  "https://meta.example:99999",
  "https://meta.example:https",
  "https://[::1",
  "https://%00",
  "https://meta.example\\v1",
  "http://localhost:99999",
  "http://meta.example",
])("refuses %s, to which none can be", (address) => {
  expect(() => next(address)).toThrow("/options/address must");
});

const meta = (more: object) => ({ phoneNumberId: PHONE_NUMBER_ID, ...more });
const smsc = (address: string) => ({ address, receiptTrust: { SG: "handset" } });

describe("credentials that are not given again", () => {
  const anew = "/credentials must be given again where what is called changes.";
  const placed = "/credentials must be given again where a text changes that asks for one of them.";
  const gateway = gatewayOptions("https://gw.example");
  const client = { clientId: "us", clientSecret: "{secrets.apiKey}" };
  const oauth = (url: string) => ({ ...gateway, auth: { oauth2: { url, ...client } } });
  const token = "https://gw.example/token";
  const smppLogin = { systemId: "shop", password: "secret99" };
  const words = (json: object) => ({
    ...gateway,
    request: { ...gateway.request, body: { json } },
  });

  type Login = { provider: string; credentials: Record<string, string> };
  const cloud: Login = { provider: "whatsapp-cloud", credentials: cloudCredentials };
  const http: Login = { provider: "generic-http", credentials: gatewayCredentials };
  const smpp: Login = { provider: "smpp", credentials: smppLogin };

  /** Puts a connection, then its options without credentials. */
  function change({ provider, credentials }: Login, before: object, after: object) {
    const put = (options: object) => ({ provider, enabled: true, options: { ...options } });
    const current = nextConnection({ ...put(before), credentials }, undefined, sealing);
    const kept = nextConnection(put(after), current, sealing);
    return kept.sealedCredentials === current.sealedCredentials;
  }

  it.each([
    ["host", cloud, meta({ address: "https://a.example" }), meta({ address: "https://b.example" })],
    [
      "port",
      cloud,
      meta({ address: "https://a.example" }),
      meta({ address: "https://a.example:1" }),
    ],
    ["address, where there was none", cloud, meta({}), meta({ address: "https://b.example" })],
    ["scheme", smpp, smsc("smpps://smsc.example:2775"), smsc("smpp://smsc.example:2775")],
    ["SMSC", smpp, smsc("smpp://smsc.example:2775"), smsc("smpp://other.example:2775")],
    ["gateway", http, gateway, gatewayOptions("https://other.example")],
    ["giver of tokens", http, oauth(token), oauth("https://other.example/token")],
    ["giver of tokens, where there was none", http, gateway, oauth("https://other.example/token")],
  ])("go to no other %s", (_what, login, before, after) => {
    expect(() => change(login, before, after)).toThrow(anew);
  });

  it("are put into no other text, such as the words of an SMS", () => {
    const told = words({ message: "{secrets.apiKey}" });
    expect(() => change(http, words({ message: "{text}" }), told)).toThrow(placed);
    expect(change(http, told, { ...told, errorClasses: {} })).toBe(true);
  });

  it("stay where they go to the same host", () => {
    const after = meta({ address: "https://A.example:443", apiVersion: "v24.0" });
    expect(change(cloud, meta({ address: "https://a.example" }), after)).toBe(true);
    const path = { ...gateway.request, url: "https://gw.example/v2/send" };
    expect(change(http, gateway, { ...gateway, request: path })).toBe(true);
    expect(
      change(smpp, smsc("smpp://smsc.example:2775"), { address: "smpp://smsc.example:2775" }),
    ).toBe(true);
  });

  it("go elsewhere with whoever knows them", () => {
    const current = next("https://a.example");
    const options = meta({ address: "https://b.example" });
    const given = { provider: "whatsapp-cloud", enabled: true, options };
    const moved = nextConnection({ ...given, credentials: cloudCredentials }, current, sealing);
    expect(moved.guid).toBe(current.guid);
  });
});

it("says in words what a text must be, not by the pattern that it is held against", () => {
  const options = { accountSid: "12", bridgeUrl: "https://receipts.example/a" };
  const given = { provider: "twilio", enabled: true, options, credentials: { authToken: "a b" } };
  expect(() => nextConnection(given, undefined, sealing)).toThrow(
    /accountSid must be AC and 32 hexadecimal digits\..*bridgeUrl must be scheme and host alone.*authToken must be printable ASCII without spaces\./,
  );
});
