// What a gateway posts of its messages, wherever it puts what.
import { createHmac } from "node:crypto";
import { expect, it } from "vitest";
import { parseGiven } from "#libs/json/parse-given.ts";
import { GenericOptions } from "#libs/providers/generic-http/access.ts";
import { secretValues } from "#libs/providers/generic-http/placeholders.ts";
import { proofOf } from "#libs/providers/generic-http/receipt-proof.ts";
import { readInstant } from "#libs/providers/generic-http/receipt-time.ts";
import { readingReceipts } from "#libs/providers/generic-http/receipts.ts";
import { gatewayCredentials, gatewayOptions } from "#test/support/gateway-options.ts";

const provider = "generic-http.0123";
const RECEIVED_AT = Date.UTC(2026, 10, 29, 12);
const usual = gatewayOptions("https://gw.example").receipts;

function receiptsBy(more: object) {
  const given = gatewayOptions("https://gw.example", { receipts: { ...usual, ...more } });
  const { receipts, ...options } = parseGiven(GenericOptions, given);
  return { receipts: receipts!, ...options, provider };
}

function read(body: object | string, more: object = {}) {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return readingReceipts(receiptsBy(more))(Buffer.from(text), RECEIVED_AT);
}

it("reads each receipt of a list, and an odd one loses no other", async () => {
  const results = [
    { id: "g1", state: "delivrd", error: 0, at: "2026-11-29 12:59:58" },
    { id: "g2", state: "UNDELIV", error: 404, reason: "Unknown subscriber", at: "soon" },
    { state: "DELIVRD" },
    "DELIVRD",
    { id: 7, state: "BUFFERED", error: "5" },
  ];
  const { reports, oddCount, oddities } = await read({ results });
  expect(reports).toMatchObject([
    {
      reportId: `${provider}:g1:delivrd`,
      provider,
      providerMessageId: "g1",
      channel: "sms",
      status: "DELIVERED",
      errorCode: null,
      occurredAt: Date.UTC(2026, 10, 29, 10, 59, 58),
      receivedAt: RECEIVED_AT,
    },
    {
      providerMessageId: "g2",
      status: "UNDELIVERED",
      errorCode: "404",
      errorClass: "PERMANENT",
      errorText: "Unknown subscriber",
      occurredAt: RECEIVED_AT,
    },
    { providerMessageId: "7", status: "UNKNOWN", errorCode: "5", errorClass: "UNKNOWN" },
  ]);
  expect(oddCount).toBe(2);
  expect(oddities[0]).toContain("Receipt 3 of 5");
});

function of(more: object) {
  return { id: "g1", state: "DELIVRD", ...more };
}

it("reads what a message costs, and by which network it went, where a connection says that it stands", async () => {
  const charge = {
    price: "/cost/each",
    unitCount: "/parts",
    currency: "/cost/currency",
    billable: "/cost/billed",
    category: "/kind",
    network: "/mccmnc",
  };
  const results = [
    of({
      cost: { each: 0.05, currency: "EUR", billed: true },
      parts: 2,
      kind: "otp",
      mccmnc: 52505,
    }),
    of({ cost: { each: "soon", currency: "EUR", billed: "maybe" }, mccmnc: "525-05" }),
    of({ cost: { each: "0.0125" } }),
  ];
  const { reports } = await read({ results }, { charge });
  expect(reports.map((each) => each.charge)).toEqual([
    { amountMicros: 100_000, currency: "EUR", isBillable: true, category: "otp", network: "52505" },
    null,
    null,
  ]);
  const inEuros = await read({ results }, { charge: { price: "/cost/each", currency: "EUR" } });
  expect(inEuros.reports.map(({ charge: asked }) => asked?.amountMicros)).toEqual([
    50_000,
    undefined,
    12_500,
  ]);
});

it("reads a form and a query as one receipt", async () => {
  const { items: _list, ...single } = usual;
  const more = {
    ...single,
    id: "/smsid",
    status: { jsonPointer: "/type", words: { 1: "DELIVERED", 2: "UNDELIVERED", 8: "SENT" } },
  };
  const readBy = (how: object, text: string) => {
    const given = gatewayOptions("https://gw.example", { receipts: { ...more, ...how } });
    const { receipts, ...options } = parseGiven(GenericOptions, given);
    const parse = readingReceipts({ receipts: receipts!, ...options, provider });
    return parse(Buffer.from(text), RECEIVED_AT);
  };
  const report = { providerMessageId: "a b", status: "DELIVERED" };
  const posted = await readBy({ body: "form" }, "smsid=a+b&type=1");
  expect(posted.reports).toMatchObject([report]);
  const asked = await readBy({ method: "GET" }, "type=8&smsid=a%20b");
  expect(asked.reports).toMatchObject([{ ...report, status: "SENT" }]);
});

it("sets aside whole what is no JSON or has no list where it should be", async () => {
  for (const body of ["", "OK", "[]", "null", { results: {} }]) {
    expect(await read(body)).toMatchObject({ reports: [], oddCount: 1 });
  }
  expect(await read({ results: [] })).toMatchObject({ reports: [], oddCount: 0 });
});

function at(text: string, format: string, utcOffset = "+00:00") {
  return readInstant(text, { jsonPointer: "", format, utcOffset });
}

it("reads times as gateways write them", () => {
  const instant = Date.UTC(2026, 10, 29, 12, 30, 15);
  expect(at(`${instant / 1000}`, "epochSeconds")).toBe(instant);
  expect(at(`${instant}`, "epochMs")).toBe(instant);
  expect(at("2026-11-29T13:30:15+01:00", "iso8601")).toBe(instant);
  expect(at("2026-11-29T18:00:15", "iso8601", "+05:30")).toBe(instant);
  expect(at("29/11/2026 12:30:15", "dd/MM/yyyy HH:mm:ss")).toBe(instant);
  expect(at("2611291230", "yyMMddHHmm")).toBe(Date.UTC(2026, 10, 29, 12, 30));
  expect(at("2026-13-29 12:30:15", "yyyy-MM-dd HH:mm:ss")).toBeUndefined();
  expect(at("yesterday", "epochMs")).toBeUndefined();
});

it("believes by the one proof that the connection names, and by no other", () => {
  const secrets = secretValues(gatewayCredentials);
  const token = gatewayCredentials.receiptToken;
  const body = Buffer.from('{"id":"g1"}');
  const isBelieved = (proof: object, post: object) =>
    proofOf(receiptsBy({ proof }).receipts.proof, secrets)(
      { headers: {}, body, peerAddress: "192.0.2.1", ...post },
      RECEIVED_AT,
    );
  const query = { query: { name: "token", value: "{secrets.receiptToken}" } };
  expect(isBelieved(query, { query: `a=1&token=${token}` })).toBe(true);
  expect(isBelieved(query, { query: `token=${token}&token=${token}` })).toBe(false);
  expect(isBelieved(query, { query: "token=" })).toBe(false);
  expect(isBelieved(query, {})).toBe(false);
  const header = { header: { name: "x-token", value: "{secrets.receiptToken}" } };
  expect(isBelieved(header, { headers: { "x-token": token } })).toBe(true);
  expect(isBelieved(header, { query: `x-token=${token}` })).toBe(false);
  const basic = { basic: { user: "gw", password: "{secrets.receiptToken}" } };
  const authorization = `Basic ${btoa(`gw:${token}`)}`;
  expect(isBelieved(basic, { headers: { authorization } })).toBe(true);
  const bearer = { bearer: { token: "{secrets.receiptToken}" } };
  expect(isBelieved(bearer, { headers: { authorization } })).toBe(false);
  const hmac = {
    hmac: { header: "x-sig", key: "{secrets.receiptToken}", hash: "sha1", encoding: "base64" },
  };
  const signature = createHmac("sha1", token).update(body).digest("base64");
  expect(isBelieved(hmac, { headers: { "x-sig": signature } })).toBe(true);
  expect(isBelieved(hmac, { headers: { "x-sig": signature }, body: Buffer.from("{}") })).toBe(
    false,
  );
  expect(isBelieved({ addresses: ["192.0.2.0/24"] }, {})).toBe(true);
  expect(isBelieved({ addresses: ["198.51.100.7"] }, {})).toBe(false);
});

const members = (count: number) => `id=g1&state=DELIVRD${"&a=1".repeat(count - 2)}`;
it("takes a form of as many members as anybody's receipt has, and no more", async () => {
  const form = { body: "form", items: undefined };
  expect((await read(members(500), form)).reports).toMatchObject([{ providerMessageId: "g1" }]);
  expect(await read(members(501), form)).toEqual({
    reports: [],
    oddCount: 1,
    oddities: ["It has more than 500 members."],
  });
});
