// All that is wrong with a connection to a gateway is told when it is put, with its place.
import { randomBytes } from "node:crypto";
import { expect, it } from "vitest";
import { nextConnection } from "#libs/connections/next-connection.ts";
import { compilePattern, findIn } from "#libs/providers/generic-http/patterns.ts";
import { cpuMs } from "#test/support/cpu-ms.ts";
import { gatewayCredentials, gatewayOptions } from "#test/support/gateway-options.ts";

const sealing = { secretsKeys: [randomBytes(32)] as const, accountId: "demo" };
const usual = gatewayOptions("https://gw.example");

function put(more: object, credentials: Record<string, string> = gatewayCredentials) {
  const given = { provider: "generic-http", enabled: true, options: { ...usual, ...more } };
  return nextConnection({ ...given, credentials }, undefined, sealing);
}

function faultsOf(more: object, credentials?: Record<string, string>): string {
  try {
    put(more, credentials);
    return "";
  } catch (error) {
    return String(error);
  }
}

it("takes what is whole, and carries the one channel that it names", () => {
  expect(put({}).channels).toEqual(["sms"]);
});

it("tells every fault at once", () => {
  const rules = [
    { when: { regex: "(?=a)" }, means: "accepted" },
    { when: { regex: "(a" }, means: "temporary", errorClass: "CONTENT" },
  ];
  const request = {
    url: "https://gw.example/send?told={receiptsUrl}",
    headers: { "x-key": "{secrets.other}" },
    body: { json: { list: ["{text", "{constructor}"] } },
  };
  const auth = { bearer: { token: "{to}" } };
  const told = faultsOf({ request, auth, answer: { rules } });
  for (const fault of [
    "/options/request/url asks for {receiptsUrl}: say /options/bridgeUrl.",
    "/options/request/headers/x-key asks for {secrets.other}, which /credentials do not have.",
    "/options/request/body/json/list/0 has a brace that is none of a placeholder: write it twice.",
    "/options/request/body/json/list/1 asks for {constructor}; there are to, toDigits,",
    "/options/auth/bearer/token asks for {to}; there are secrets.<name>.",
    "/options/answer/rules/0/when/regex must be a pattern of RE2,",
    "/options/answer/rules/1/when/regex must be a pattern of RE2,",
    "/options/answer/rules/1/errorClass says nothing of what is temporary.",
  ]) {
    expect(told).toContain(fault);
  }
});

it("tells what the schema lacks beside what the credentials lack", () => {
  const told = faultsOf({ channel: "pigeon", answer: { rules: [] } }, { "a b": "ä" });
  for (const path of ["/options/channel", "/options/answer/rules", "/credentials"]) {
    expect(told).toContain(path);
  }
});

it.each([
  [{ receipts: { ...usual.receipts, proof: {} } }, "/options/receipts/proof"],
  [
    { receipts: { ...usual.receipts, proof: { header: { name: "x-token", value: "" } } } },
    "/options/receipts/proof proves nothing: An empty secret proves nothing.",
  ],
  [
    { receipts: { ...usual.receipts, proof: { addresses: ["0.0.0.0/0"] } } },
    "/options/receipts/proof proves nothing",
  ],
  [{ auth: { basic: { user: "a", password: "b" }, bearer: { token: "c" } } }, "/options/auth"],
  [{ request: { ...usual.request, method: "GET" } }, "/options/request/body goes with no GET"],
  [{ request: { url: "https://{to}.example/" } }, "/options/request/url"],
  [{ request: { url: "http://gw.example/" } }, "/options/request/url must begin with https://."],
  [{ request: { url: "https://gw.example/", headers: { host: "x" } } }, "/options/request/headers"],
])("refuses %j", (more, fault) => {
  expect(faultsOf(more)).toContain(fault);
});

it("takes no patterns that together could hold a process, and looks at no endless text", () => {
  const rule = { when: { regex: "(?:[ab]?){150}[cd]" }, means: "accepted" };
  expect(faultsOf({ answer: { rules: [rule] } })).toBe("");
  expect(faultsOf({ answer: { rules: [rule, rule] } })).toContain(
    "/options/answer/rules/1/when/regex makes the patterns too large together",
  );
  const before = cpuMs();
  expect(findIn(compilePattern("^(a+)+"), "a".repeat(60_000))).toBe("a".repeat(2_000));
  expect(findIn(compilePattern("^(a|a)*b$"), "a".repeat(60_000))).toBeUndefined();
  // A backtracking engine would take longer than the sun has.
  expect(cpuMs() - before).toBeLessThan(5_000);
});
